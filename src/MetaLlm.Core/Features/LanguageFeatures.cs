using System.Collections.Frozen;
using System.Text;

namespace MetaLlm.Core.Features;

/// <summary>
/// Features that tell languages apart: shares of scripts, and shares of the commonest words of languages that are written in Latin letters. They need no model, so they
/// serve where there is no embedding, and beside a model that reads English alone.
/// </summary>
public static class LanguageFeatures
{
    /// <summary>How many features there are.</summary>
    public const int Count = Scripts + 1 + Languages;

    private const int Scripts = 11;
    private const int Latin = 0;
    private const int Han = 9;
    private const int Other = 10;
    private const int Languages = 12;

    // The first page tells the language; a book need not be read for it.
    private const int MostCharacters = 4096;

    // In running text a third to a half of the words are common ones: so that it counts about as much as a tag does.
    private const float WordWeight = 2;

    // First and last code point of each block, ascending, and its script.
    private static readonly (int First, int Last, int Script)[] Blocks =
    [
        (0x0041, 0x024F, Latin), (0x0370, 0x03FF, 1), (0x0400, 0x052F, 2), (0x0590, 0x05FF, 3), (0x0600, 0x077F, 4), (0x08A0, 0x08FF, 4), (0x0900, 0x0DFF, 5),
        (0x0E00, 0x0EFF, 6), (0x1000, 0x109F, 6), (0x1100, 0x11FF, 7), (0x1780, 0x17FF, 6), (0x1E00, 0x1EFF, Latin), (0x1F00, 0x1FFF, 1), (0x3040, 0x30FF, 8),
        (0x3130, 0x318F, 7), (0x3400, 0x4DBF, Han), (0x4E00, 0x9FFF, Han), (0xAC00, 0xD7AF, 7), (0xF900, 0xFAFF, Han), (0xFB50, 0xFDFF, 4), (0xFE70, 0xFEFF, 4),
        (0xFF21, 0xFF5A, Latin), (0xFF66, 0xFF9D, 8), (0x20000, 0x323AF, Han),
    ];

    // English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Indonesian, Vietnamese, Swedish. A word may be of several.
    private static readonly string[] CommonWords =
    [
        "the of and to in is it that was for on are with as be this have from or by what how you i my do does can a an when where which who not at if me we your his her they there",
        "der die das und ist nicht ein eine einen einer zu den dem des mit von auf für im sich es ich du wir sie wie was wo wer wenn als auch an am bei mir mein bitte kann kannst war hat oder aus nach über wegen zum zur",
        "le la les de des du et est un une en que qui dans pour pas ne sur au aux ce cette il elle je tu nous vous se sa son ses mon ma avec par plus quand où comment quoi quel quelle l d n qu c s",
        "el la los las de del y es un una en que por para con no se su lo al como más pero qué cómo dónde cuando cuándo quién cuánto mi tu me te le sobre este esta o era muy hay favor",
        "o a os as de do da dos das e é um uma em que por para com não se seu sua na no nos como mais mas onde quando quem quanto meu minha me você eu ele ela ao está são foi",
        "il lo la i gli le di del della dei e è un una in che per con non si su al alla da dal come più ma dove quando chi quanto mio mia mi ti io sono era nel nella questo questa ho",
        "de het een en van is in op te dat die niet met voor aan zijn er ik je we wij hij ze zij als ook maar om bij naar wat hoe waar wanneer wie mijn kan kun uit over door was heeft of",
        "i w z na do się nie to jest że o jak co po za od dla przez ale czy gdzie kiedy kto jaki jaka mój moja mi ja ty my on ona są był ma tak już tylko ile przy ze we",
        "ve bir bu da de ne için ile mi mı çok daha gibi ben sen o biz siz var yok nasıl nerede kim kaç olan olarak en ama ya her şu mu mü değil kadar sonra benim bana",
        "yang dan di ke dari ini itu untuk dengan tidak ada adalah saya anda kamu dia kami apa bagaimana di mana siapa berapa pada akan bisa sudah juga atau dalam oleh karena tolong seorang",
        "và là của có không cho một những các được trong với người tôi bạn này đó khi như thế nào ở đâu ai bao nhiêu đã sẽ để từ về hay hoặc cũng làm gì",
        "och att det som en ett är i på av för med till den de inte har jag du vi han hon om men var hur vad vem när så kan från eller min mitt mig din sig ut in över",
    ];

    // Bits of the languages that a word is common in.
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> LanguagesOf = CommonWords
        .SelectMany((words, language) => words.Split(' ').Distinct().Select(word => (word, language)))
        .GroupBy(pair => pair.word, pair => 1 << pair.language)
        .ToFrozenDictionary(word => word.Key, word => word.Sum(), StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads the features off a text. Every entry is finite for every text; a text without letters has zeros.</summary>
    /// <param name="text">Any text, the empty one and broken UTF-16 included. The first 4,096 characters count.</param>
    /// <param name="destination">
    /// Receives <see cref="Count"/> entries: shares of letters that are Latin, Greek, Cyrillic, Hebrew, Arabic, Indic, of South-East Asia, Hangul, Kana, Han and other, 0 to 1;
    /// the share of Latin letters with marks; twice the shares of words that are among the commonest of English, German, French, Spanish, Portuguese, Italian, Dutch, Polish,
    /// Turkish, Indonesian, Vietnamese and Swedish, 0 to 2.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static void Extract(ReadOnlySpan<char> text, Span<float> destination)
    {
        if (destination.Length < Count)
        {
            throw new ArgumentException($"destination has {destination.Length} entries; {Count} are needed.", nameof(destination));
        }

        destination[..Count].Clear();
        text = text[..Math.Min(text.Length, MostCharacters)];
        CountLetters(text, destination);
        CountWords(text, destination.Slice(Scripts + 1, Languages));
    }

    private static void CountLetters(ReadOnlySpan<char> text, Span<float> destination)
    {
        var (letters, latin, marked) = (0, 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune))
            {
                continue;
            }

            letters++;
            var script = ScriptOf(rune.Value);
            destination[script]++;
            latin += script == Latin ? 1 : 0;
            marked += script == Latin && rune.Value > 0x7F ? 1 : 0;
        }

        if (letters == 0)
        {
            return;
        }

        foreach (ref var share in destination[..Scripts])
        {
            share /= letters;
        }

        destination[Scripts] = latin > 0 ? (float)marked / latin : 0;
    }

    private static void CountWords(ReadOnlySpan<char> text, Span<float> shares)
    {
        var (words, start) = (0, -1);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetter(text[i]))
            {
                start = start < 0 ? i : start;
                continue;
            }

            if (start < 0)
            {
                continue;
            }

            words++;
            for (var languages = LanguagesOf.TryGetValue(text[start..i], out var found) ? found : 0; languages != 0; languages &= languages - 1)
            {
                shares[int.TrailingZeroCount(languages)]++;
            }

            start = -1;
        }

        foreach (ref var share in shares)
        {
            share = words > 0 ? WordWeight * share / words : 0;
        }
    }

    private static int ScriptOf(int codePoint)
    {
        foreach (var (first, last, script) in Blocks)
        {
            if (codePoint <= last)
            {
                return codePoint >= first ? script : Other;
            }
        }

        return Other;
    }
}
