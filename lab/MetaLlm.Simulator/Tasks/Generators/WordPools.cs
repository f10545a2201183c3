namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Everyday words the templates are filled with.</summary>
internal static class WordPools
{
    public static readonly string[] Names =
    [
        "Anna", "Ben", "Clara", "David", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaito", "Lena", "Mira", "Noah", "Olga",
        "Pablo", "Quinn", "Rosa", "Samir", "Tara", "Uwe", "Vera", "Wanda", "Yusuf", "Zoe",
    ];

    public static readonly string[] Goods =
    [
        "notebooks", "pencils", "mugs", "tickets", "cushions", "lamps", "postcards", "batteries", "plants", "candles", "scarves", "puzzles",
    ];

    public static readonly string[] Products =
    [
        "kettle", "backpack", "keyboard", "headset", "blender", "raincoat", "desk lamp", "phone case", "office chair", "tent",
        "coffee grinder", "vacuum cleaner", "bike lock", "water bottle", "monitor", "suitcase",
    ];

    public static readonly string[] Words =
    [
        "planet", "garden", "bridge", "silver", "window", "market", "forest", "candle", "rocket", "button", "harbour", "lantern", "meadow",
        "orchard", "pebble", "quarter", "ribbon", "saddle", "thunder", "umbrella", "village", "whisper", "compass", "diamond", "engine",
        "feather", "glacier", "hammock", "island", "journey", "kitchen", "library", "mountain", "notebook", "octopus", "penguin", "railway",
        "sandwich", "teacher", "volcano", "blanket", "chimney", "dolphin", "evening", "factory", "gallery", "horizon", "insect", "jacket",
        "kingdom", "ladder", "mirror", "needle", "oxygen", "pirate", "puzzle", "salmon", "tunnel", "velvet", "walnut",
    ];
}
