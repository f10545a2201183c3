using System.Text;
using MetaLlm.Core.Arms;
using MetaLlm.Gateway.Http;
using MetaLlm.WebConsole.Pages.Manage.Teach;

namespace MetaLlm.WebConsole.Tests.Manage;

public sealed class UploadTests
{
    private static readonly Arm[] Arms = [Arm("a"), Arm("b.5")];

    [Fact]
    public void Quotes_protect_separators_and_line_ends_and_rows_know_their_line()
    {
        var table = Read("query;a;b.5\r\n\"one; \"\"two\"\"\nthree\";1;\r\n\r\nfour;;0.5");
        Assert.Equal(["query", "a", "b.5"], table.Columns);
        Assert.Equal("one; \"two\"\nthree|1|", string.Join('|', table.Rows[0].Cells));
        Assert.Equal([2, 5], table.Rows.Select(row => row.Line));
    }

    [Theory]
    [InlineData("query,query\nx,y", "'file' has two columns 'query'.")]
    [InlineData("query,a\nx", "'file' has 1 cells on line 2; its first line names 2 columns.")]
    [InlineData("query,a\n\"x,1", "'file' has a quote on line 2 that is never closed.")]
    [InlineData("query,a\n\"x\"y,1", "'file' has text behind a closing quote on line 2.")]
    [InlineData("query,a\n", "'file' has no rows.")]
    [InlineData("{\"query\":\"x\"}\n{\"query\"", "'file' has no JSON on line 2.")]
    [InlineData("query\n1\n2\n3\n4\n5\n6", "'file' has more than 5 rows.")]
    public void What_cannot_be_read_is_refused_by_line(string text, string why) => Assert.Equal(why, Assert.Throws<ApiException>(() => Read(text)).Error.Message);

    [Fact]
    public void Lines_of_the_API_are_understood_as_they_are()
    {
        var table = Read("""{"query":"x","task":"t","outcomes":{"a":{"reward":1,"cost_usd":0.1},"b.5":{"reward":0,"output_tokens":7}}}""" + "\n\n" + """{"query":"y","outcomes":{"b.5":{"reward":true,"output_tokens":7}}}""");
        var mapping = ColumnMapping.Guess(table, ["a", "b.5"]);
        var reading = new UploadReading(table, mapping, Arms, 100);

        Assert.Equal((1, 1), (reading.Complete, reading.QuizLines("a")));
        Assert.Equal(2, reading.QuizLines("b.5"));
        Assert.Equal("""{"query":"x","task":"t","outcomes":{"a":{"reward":1,"cost_usd":0.1},"b.5":{"reward":0,"output_tokens":7}}}""", Encoding.UTF8.GetString(reading.WarmStartBody()));
        Assert.Equal("""{"query":"y","outcomes":{"b.5":{"reward":1,"output_tokens":7}}}""", Encoding.UTF8.GetString(reading.QuizBody("b.5")).Split('\n')[^1]);
    }

    [Fact]
    public void What_the_API_refuses_names_the_line_of_the_file()
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(i => $"q{i},1,{(i == 11 ? "2" : "1")},100,100\n"));
        var table = Read("query,a,b.5,a_output_tokens,b.5_output_tokens\n" + rows, 50);
        var reading = new UploadReading(table, ColumnMapping.Guess(table, ["a", "b.5"]), Arms, 100);
        Assert.Contains("line 13", reading.WarmStartProblem, StringComparison.Ordinal);
    }

    private static UploadTable Read(string text, int mostRows = 5) => UploadTable.Read(Encoding.UTF8.GetBytes(text), mostRows);

    private static Arm Arm(string id) => new() { Id = id, Prices = new TokenPrices(1e-6, 1e-6, 1e-6) };
}
