namespace MetaLlm.Simulator.Tasks.Generators;

/// <summary>Some sixty words in five languages, chosen so that each has one usual translation and none occurs twice in a language.</summary>
internal static class Vocabulary
{
    public static readonly string[] Languages = ["English", "Spanish", "French", "German", "Italian"];

    public static readonly string[][] Entries =
    [
        ["dog", "perro", "chien", "Hund", "cane"], ["cat", "gato", "chat", "Katze", "gatto"], ["house", "casa", "maison", "Haus", "casa"],
        ["water", "agua", "eau", "Wasser", "acqua"], ["bread", "pan", "pain", "Brot", "pane"], ["milk", "leche", "lait", "Milch", "latte"],
        ["book", "libro", "livre", "Buch", "libro"], ["sun", "sol", "soleil", "Sonne", "sole"], ["moon", "luna", "lune", "Mond", "luna"],
        ["star", "estrella", "étoile", "Stern", "stella"], ["tree", "árbol", "arbre", "Baum", "albero"], ["flower", "flor", "fleur", "Blume", "fiore"],
        ["fish", "pez", "poisson", "Fisch", "pesce"], ["bird", "pájaro", "oiseau", "Vogel", "uccello"], ["horse", "caballo", "cheval", "Pferd", "cavallo"],
        ["cheese", "queso", "fromage", "Käse", "formaggio"], ["apple", "manzana", "pomme", "Apfel", "mela"], ["egg", "huevo", "œuf", "Ei", "uovo"],
        ["salt", "sal", "sel", "Salz", "sale"], ["sugar", "azúcar", "sucre", "Zucker", "zucchero"], ["door", "puerta", "porte", "Tür", "porta"],
        ["window", "ventana", "fenêtre", "Fenster", "finestra"], ["table", "mesa", "table", "Tisch", "tavolo"], ["chair", "silla", "chaise", "Stuhl", "sedia"],
        ["bed", "cama", "lit", "Bett", "letto"], ["hand", "mano", "main", "Hand", "mano"], ["eye", "ojo", "œil", "Auge", "occhio"],
        ["nose", "nariz", "nez", "Nase", "naso"], ["mouth", "boca", "bouche", "Mund", "bocca"], ["heart", "corazón", "cœur", "Herz", "cuore"],
        ["red", "rojo", "rouge", "rot", "rosso"], ["green", "verde", "vert", "grün", "verde"], ["yellow", "amarillo", "jaune", "gelb", "giallo"],
        ["black", "negro", "noir", "schwarz", "nero"], ["white", "blanco", "blanc", "weiß", "bianco"], ["two", "dos", "deux", "zwei", "due"],
        ["three", "tres", "trois", "drei", "tre"], ["four", "cuatro", "quatre", "vier", "quattro"], ["five", "cinco", "cinq", "fünf", "cinque"],
        ["seven", "siete", "sept", "sieben", "sette"], ["eight", "ocho", "huit", "acht", "otto"], ["ten", "diez", "dix", "zehn", "dieci"],
        ["hundred", "cien", "cent", "hundert", "cento"], ["mother", "madre", "mère", "Mutter", "madre"], ["father", "padre", "père", "Vater", "padre"],
        ["brother", "hermano", "frère", "Bruder", "fratello"], ["sister", "hermana", "sœur", "Schwester", "sorella"], ["night", "noche", "nuit", "Nacht", "notte"],
        ["winter", "invierno", "hiver", "Winter", "inverno"], ["summer", "verano", "été", "Sommer", "estate"], ["rain", "lluvia", "pluie", "Regen", "pioggia"],
        ["snow", "nieve", "neige", "Schnee", "neve"], ["fire", "fuego", "feu", "Feuer", "fuoco"], ["wind", "viento", "vent", "Wind", "vento"],
        ["school", "escuela", "école", "Schule", "scuola"], ["city", "ciudad", "ville", "Stadt", "città"], ["church", "iglesia", "église", "Kirche", "chiesa"],
        ["bridge", "puente", "pont", "Brücke", "ponte"], ["key", "llave", "clé", "Schlüssel", "chiave"], ["money", "dinero", "argent", "Geld", "denaro"],
    ];
}
