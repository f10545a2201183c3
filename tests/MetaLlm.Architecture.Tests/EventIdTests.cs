using System.Globalization;
using System.Text.RegularExpressions;

namespace MetaLlm.Architecture.Tests;

/// <summary>The registry of log event ids: which project has which, and that no two messages share one.</summary>
public sealed partial class EventIdTests
{
    /// <summary>First and last id of each project; a new project that logs must be entered here.</summary>
    private static readonly Dictionary<string, (int First, int Last)> Ranges = new(StringComparer.Ordinal)
    {
        ["MetaLlm.Engine"] = (1000, 2099),
        ["MetaLlm.Extensions.AI"] = (2100, 2199),
        ["MetaLlm.Engine.Orleans"] = (2200, 2999),
        ["MetaLlm.Storage"] = (3000, 3999),
        ["MetaLlm.Embeddings"] = (4000, 4999),
        ["MetaLlm.Gateway"] = (5000, 5899),
        ["MetaLlm.Console"] = (5900, 5999),
        ["MetaLlm.Providers"] = (6000, 6999),
        ["MetaLlm.Simulator"] = (7000, 7999),
        ["MetaLlm.Host"] = (8000, 8999),
        ["MetaLlm.Lab"] = (9000, 9999),
    };

    private static readonly List<(string File, string Project, int? Id)> Messages =
    [
        .. from file in Repository.SourceFiles("src").Concat(Repository.SourceFiles("lab"))
           from Match message in Message().Matches(File.ReadAllText(file))
           let id = message.Groups["id"]
           select (Repository.Relative(file), Repository.Relative(file).Split('/')[1], id.Success ? int.Parse(id.Value, CultureInfo.InvariantCulture) : (int?)null),
    ];

    [Fact]
    public void Every_message_has_an_id_from_the_range_of_its_project()
    {
        Assert.True(Messages.Count > 30, $"Only {Messages.Count} messages were found.");
        Assert.Empty(Messages
            .Where(m => m.Id is null || !Ranges.TryGetValue(m.Project, out var range) || m.Id < range.First || m.Id > range.Last)
            .Select(m => $"{m.File}: {m.Id?.ToString(CultureInfo.InvariantCulture) ?? "no id"}"));
    }

    [Fact]
    public void No_two_messages_share_an_id() => Assert.Empty(Messages
        .GroupBy(m => m.Id)
        .Where(shared => shared.Count() > 1)
        .Select(shared => $"{shared.Key}: {string.Join(", ", shared.Select(m => m.File))}"));

    [Fact]
    public void Ranges_do_not_overlap()
    {
        var ordered = Ranges.Values.OrderBy(r => r.First).ToList();
        Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.True(pair.First.Last < pair.Second.First));
    }

    [Fact]
    public void Nothing_is_logged_but_by_a_numbered_message() => Assert.Empty(Repository.SourceFiles("src").Concat(Repository.SourceFiles("lab"))
        .Where(f => Unnumbered().IsMatch(File.ReadAllText(f)))
        .Select(Repository.Relative));

    [GeneratedRegex(@"\[LoggerMessage\((\s*(EventId\s*=\s*)?(?<id>[0-9]+))?")]
    private static partial Regex Message();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(|LoggerMessage\.Define")]
    private static partial Regex Unnumbered();
}
