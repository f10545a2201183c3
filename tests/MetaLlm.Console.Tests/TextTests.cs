using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using MetaLlm.TestKit;

namespace MetaLlm.WebConsole.Tests;

public sealed partial class TextTests
{
    public static TheoryData<string> Languages => ["de"];

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_text_of_the_pages_has_a_translation(string language)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var assembly = typeof(ConsoleSettings).Assembly.GetSatelliteAssembly(CultureInfo.GetCultureInfo(language));
        foreach (var name in assembly.GetManifestResourceNames())
        {
            using var reader = new ResourceReader(assembly.GetManifestResourceStream(name)!);
            known.UnionWith(reader.Cast<DictionaryEntry>().Select(entry => (string)entry.Key));
        }

        var used = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "MetaLlm.Console"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => Text().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .ToHashSet(StringComparer.Ordinal);
        Assert.True(used.Count > 50, $"Only {used.Count} texts were found.");
        Assert.Empty(used.Except(known).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("""\bL\["([^"]+)"[\],]""")]
    private static partial Regex Text();
}
