using System.Text.RegularExpressions;

namespace MetaLlm.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int LongestFile = 400;

    [Fact]
    public void No_source_file_is_longer_than_one_thought()
    {
        var tooLong = Repository.SourceFiles("src").Concat(Repository.SourceFiles("lab"))
            .Select(f => (File: Repository.Relative(f), Lines: File.ReadLines(f).Count()))
            .Where(f => f.Lines > LongestFile);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void A_file_holds_one_public_type_that_bears_its_name()
    {
        var offenders = new List<string>();
        foreach (var file in Repository.SourceFiles("src").Concat(Repository.SourceFiles("lab")))
        {
            var names = PublicType().Matches(File.ReadAllText(file)).Select(m => m.Groups["name"].Value).Distinct().ToList();
            var expected = Path.GetFileNameWithoutExtension(file).Split('.')[0];
            if (names.Count > 1 || (names.Count == 1 && names[0] != expected))
            {
                offenders.Add($"{Repository.Relative(file)}: {string.Join(", ", names)}");
            }
        }

        Assert.Empty(offenders);
    }

    [Fact]
    public void Nothing_unfinished_is_left_in_the_source()
    {
        var unfinished = Repository.SourceFiles("src").Concat(Repository.SourceFiles("lab"))
            .Where(f => Unfinished().IsMatch(File.ReadAllText(f)))
            .Select(Repository.Relative);
        Assert.Empty(unfinished);
    }

    [Fact]
    public void Blocking_on_a_task_is_nowhere_in_the_source()
    {
        var blocking = Repository.SourceFiles("src").Concat(Repository.SourceFiles("lab"))
            .Where(f => Blocking().IsMatch(File.ReadAllText(f)))
            .Select(Repository.Relative);
        Assert.Empty(blocking);
    }

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|record struct|record|struct|interface|enum|delegate \w+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\)\.Wait\(\)|Async\([^;\n]*\)\.Result\b")]
    private static partial Regex Blocking();
}
