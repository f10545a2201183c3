using System.Text.RegularExpressions;
using MetaLlm.Simulator.Tasks.Generators;

namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Words of the catalogue's vocabulary and a few greetings, between five languages.</summary>
internal sealed partial class TranslationReader : IQuestionReader
{
    private static readonly string[][] Greetings =
    [
        ["hello", "hola", "bonjour", "hallo", "ciao"], ["good morning", "buenos días", "bonjour", "guten Morgen", "buongiorno"],
        ["good evening", "buenas tardes", "bonsoir", "guten Abend", "buonasera"], ["good night", "buenas noches", "bonne nuit", "gute Nacht", "buonanotte"],
        ["goodbye", "adiós", "au revoir", "auf Wiedersehen", "arrivederci"], ["thank you", "gracias", "merci", "danke", "grazie"],
        ["please", "por favor", "s'il vous plaît", "bitte", "per favore"], ["yes", "sí", "oui", "ja", "sì"], ["no", "no", "non", "nein", "no"],
        ["friend", "amigo", "ami", "Freund", "amico"], ["love", "amor", "amour", "Liebe", "amore"],
    ];

    private static readonly string[][] Entries = [.. Greetings, .. Vocabulary.Entries];

    public SimTaskType Type => SimTaskType.Translation;

    public IReadOnlyList<string> Examples { get; } = ["Translate 'good morning' into Spanish", "How do you say 'thank you' in German?", "What is the French word for cheese?"];

    public TaskDraft? Read(string question, SeededRandom random)
    {
        var match = Question().Match(question.TrimEnd('?', '.', '!', ' '));
        var to = Array.FindIndex(Vocabulary.Languages, language => language.Equals(match.Groups["to"].Value, StringComparison.OrdinalIgnoreCase));
        if (!match.Success || to < 0)
        {
            return null;
        }

        var word = match.Groups["word"].Value;
        var entry = Entries.FirstOrDefault(known => known.Contains(word, StringComparer.OrdinalIgnoreCase));
        return entry is null ? null : TaskDraft.Text(question, entry[to], [.. random.Pick(Entries, 4).Select(other => other[to]).Where(wrong => wrong != entry[to])]);
    }

    [GeneratedRegex("""^(?:please )?(?:translate (?:the word )?["']?(?<word>[\w' ]+?)["']?(?: from [a-z]+)? (?:in)?to (?<to>[a-z]+)|how (?:do you|do i|would you|to) say ["']?(?<word>[\w' ]+?)["']? in (?<to>[a-z]+)|what(?: is|'s) (?:the )?(?<to>[a-z]+)(?: word)? for ["']?(?<word>[\w' ]+?)["']?|what(?: is|'s) ["']?(?<word>[\w' ]+?)["']? in (?<to>[a-z]+))$""", RegexOptions.IgnoreCase)]
    private static partial Regex Question();
}
