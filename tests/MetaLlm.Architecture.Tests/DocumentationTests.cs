using System.Text.RegularExpressions;

namespace MetaLlm.Architecture.Tests;

public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(Repository.Relative)
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_to_a_file(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var broken = Link().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)))
            .Select(m => m.Groups["target"].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(folder, target)));
        Assert.Empty(broken);
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps_or_doubles()
    {
        var numbers = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "decisions"), "*.md")
            .Select(f => int.Parse(Path.GetFileName(f)[..4], System.Globalization.CultureInfo.InvariantCulture))
            .Order()
            .ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
    }

    [Fact]
    public void Every_instrument_is_described()
    {
        var described = Described().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "observability.md"))).Select(m => m.Groups["name"].Value);
        var instruments = Repository.SourceFiles("src").SelectMany(f => Instrument().Matches(File.ReadAllText(f))).Select(m => m.Groups["name"].Value).ToList();
        Assert.True(instruments.Count > 10, $"Only {instruments.Count} instruments were found.");
        Assert.Equal(instruments.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| `(?<name>metallm\.[a-z._]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Described();

    [GeneratedRegex(@"\.Create[A-Za-z]+(<\w+>)?\(\s*""(?<name>metallm\.[a-z._]+)"",")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
