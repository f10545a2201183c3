using System.Reflection;
using System.Text.RegularExpressions;
using ErrorCode = MetaLlm.Gateway.Http.ErrorCode;

namespace MetaLlm.Gateway.Tests;

public sealed partial class ErrorCodeTests
{
    /// <summary>No error can be made with another code: the type has no public constructor.</summary>
    private static readonly List<ErrorCode> Codes =
        [.. typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<ErrorCode>()];

    [Fact]
    public void Every_code_that_can_be_sent_stands_in_the_documented_table_with_its_status_and_no_other_does()
    {
        var documented = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "api.md"))
            .Select(line => Row().Match(line))
            .Where(row => row.Success)
            .SelectMany(row => Word().Matches(row.Groups["codes"].Value).Select(word => $"{row.Groups["status"].Value} {word.Groups[1].Value}"));

        Assert.Equal(Codes.Select(code => $"{code.Status} {code.Name}").Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_code_means_two_things() => Assert.Equal(Codes.Count, Codes.Select(code => code.Name).Distinct().Count());

    [GeneratedRegex(@"^\| (?<status>[45]\d\d) \| (?<codes>[^|]*) \|")]
    private static partial Regex Row();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Word();
}
