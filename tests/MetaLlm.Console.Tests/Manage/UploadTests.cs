using System.Collections;
using System.Text;
using MetaLlm.Core.Arms;
using MetaLlm.Gateway.Http;
using MetaLlm.TestKit;
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
    [InlineData("{\"query\":\"x\"}\n{\"query\":\"\\ud800\"}", "'file' has a text on line 2 with an escape that is no character, such as half of a UTF-16 pair.")]
    [InlineData("{\"query\":\"x\",\"\\udfff\":1}", "'file' has a text on line 1 with an escape that is no character, such as half of a UTF-16 pair.")]
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

    [Fact]
    public void Too_many_columns_are_refused_where_they_begin_and_before_a_table_is_made_of_them()
    {
        // Each line has a member of its own: a table of all of them would have 9,000,000 cells.
        var lines = string.Join('\n', Enumerable.Range(1, 3000).Select(i => $"{{\"m{i}\":1}}"));
        var error = "";
        var allocated = Allocations.Least(() => error = Assert.Throws<ApiException>(() => Read(lines, 5000)).Error.Message);
        Assert.Equal("'file' has more than 1000 columns on line 1001; 1000 are the most.", error);
        Assert.InRange(allocated, 1, 4_000_000);

        Assert.Equal("'file' has 1001 columns; 1000 are the most.", Assert.Throws<ApiException>(() => Read(string.Join(',', Enumerable.Range(1, 1001)) + "\n" + new string(',', 1000))).Error.Message);
    }

    [Theory]
    [InlineData("query,task,a\nx,\"\",1\ny,,1\nz, ,1")]
    [InlineData("{\"query\":\"x\",\"task\":\"\",\"a\":1}\n{\"query\":\"y\",\"a\":1}\n{\"query\":\"z\",\"task\":null,\"a\":1}")]
    public void A_text_without_characters_is_a_text_and_what_is_not_there_is_a_hole(string file)
    {
        var table = Read(file);
        var task = table.Columns.ToList().IndexOf("task");
        Assert.Equal(["", null, null], table.Rows.Select(row => row.Cells[task]));
        var mapping = ColumnMapping.Guess(table, ["a"]);
        Assert.Equal("""{"query":"x","task":"","outcomes":{"a":{"reward":1}}}""", mapping.ToLine(table.Rows[0], out _));
        Assert.Equal("""{"query":"y","outcomes":{"a":{"reward":1}}}""", mapping.ToLine(table.Rows[1], out _));
    }

    [Fact]
    public void The_work_on_a_file_grows_with_its_lines_and_not_with_their_square()
    {
        const int Lines = 2000;
        var table = Read("query,a,b.5,a_output_tokens,b.5_output_tokens\n" + string.Concat(Enumerable.Range(0, Lines).Select(i => $"q{i},1,1,100,100\n")), Lines);
        var arms = new CountedList(Arms);
        var reading = new UploadReading(table, ColumnMapping.Guess(table, ["a", "b.5"]), arms, Lines);
        Assert.Equal((Lines, 0), (reading.Complete, reading.QuizLines("a")));
        Assert.InRange(arms.Asked, 1, 10 * Lines);
    }

    private static UploadTable Read(string text, int mostRows = 5) => UploadTable.Read(Encoding.UTF8.GetBytes(text), mostRows);

    private static Arm Arm(string id) => new() { Id = id, Prices = new TokenPrices(1e-6, 1e-6, 1e-6) };

    /// <summary>Counts how often somebody asks for its length.</summary>
    private sealed class CountedList(IReadOnlyList<Arm> arms) : IReadOnlyList<Arm>
    {
        public int Asked { get; private set; }

        public int Count
        {
            get
            {
                Asked++;
                return arms.Count;
            }
        }

        public Arm this[int index] => arms[index];

        public IEnumerator<Arm> GetEnumerator() => arms.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
