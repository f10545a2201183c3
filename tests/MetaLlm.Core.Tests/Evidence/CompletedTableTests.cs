using MetaLlm.Core.Evidence;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Evidence;

public sealed class CompletedTableTests
{
    [Fact]
    public void What_is_known_stays_and_a_table_without_holes_is_left_alone()
    {
        double[][] table = [[0.1, 0.9], [0.4, double.NaN], [0.2, 0.7]];
        CompletedTable.Fill(table, new int[table.Length]);
        Assert.Equal([0.1, 0.9, 0.4, 0.2, 0.7], [table[0][0], table[0][1], table[1][0], table[2][0], table[2][1]]);
        Assert.True(double.IsFinite(table[1][1]));

        double[][] full = [[0.1, 0.9], [0.4, 0.3]];
        CompletedTable.Fill(full, new int[full.Length]);
        Assert.Equal([0.1, 0.9, 0.4, 0.3], full.SelectMany(r => r));
    }

    [Fact]
    public void A_table_without_any_number_stays_empty_and_a_column_without_one_gets_what_the_others_have()
    {
        double[][] empty = [[double.NaN, double.NaN]];
        CompletedTable.Fill(empty, new int[empty.Length]);
        Assert.All(empty[0], v => Assert.True(double.IsNaN(v)));

        double[][] column = [.. Enumerable.Range(0, 40).Select(i => new[] { 0.6 + (0.01 * (i % 3)), double.NaN })];
        CompletedTable.Fill(column, new int[column.Length]);
        Assert.All(column, row => Assert.InRange(row[1], 0.5, 0.7));
    }

    [Fact]
    public void A_column_that_was_measured_in_hard_rows_alone_is_not_taken_for_a_bad_one()
    {
        // Both columns score alike; the second was measured where the first is low.
        var table = Enumerable.Range(0, 400).Select(i =>
        {
            var difficulty = CounterRandom.Uniform(1, (ulong)i);
            double Noise(ulong stream) => 0.1 * (CounterRandom.Uniform(stream, (ulong)i) - 0.5);
            return new[] { difficulty + Noise(2), difficulty < 0.4 ? difficulty + Noise(3) : double.NaN };
        }).ToArray();
        var measured = table.Where(r => !double.IsNaN(r[1])).Average(r => r[1]);
        CompletedTable.Fill(table, new int[table.Length]);
        Assert.InRange(measured, 0.15, 0.25);
        Assert.InRange(table.Average(r => r[1]), measured + 0.1, 0.56);
    }

    [Fact]
    public void Rows_of_a_kind_get_what_is_known_of_that_kind()
    {
        // The second column is good at one kind and bad at the other, and was measured in a fifth of the rows.
        var kinds = Enumerable.Range(0, 300).Select(i => i % 2).ToArray();
        var table = kinds.Select((kind, i) => new[] { 0.5 + (0.1 * (CounterRandom.Uniform(4, (ulong)i) - 0.5)), i % 10 < 2 ? (kind == 0 ? 0.9 : 0.1) : double.NaN }).ToArray();
        var together = Array.ConvertAll(table, row => (double[])row.Clone());
        CompletedTable.Fill(table, kinds);
        CompletedTable.Fill(together, new int[kinds.Length]);
        double Apart(double[][] filled) => kinds.Zip(filled).Where((_, i) => i % 10 >= 2).GroupBy(row => row.First, row => row.Second[1]).OrderBy(group => group.Key).Select(group => group.Average()).Aggregate((first, second) => first - second);
        Assert.InRange(Apart(table), 0.65, 0.8);
        Assert.InRange(Apart(together), -0.1, 0.1);
    }

    [Fact]
    public void What_was_measured_with_noise_is_drawn_to_what_the_row_and_the_column_say_and_by_much_noise_is_as_good_as_a_hole()
    {
        double[][] Filled(double variance)
        {
            double[][] table = [.. Enumerable.Range(0, 200).Select(i => new[] { 0.8 + (0.02 * (i % 3)), i == 7 ? 0 : 0.6 + (0.4 * CounterRandom.Uniform(8, (ulong)i)) })];
            var noise = Array.ConvertAll(table, _ => new[] { 0, variance });
            CompletedTable.Fill(table, new int[table.Length], variance > 0 ? noise : null);
            return table;
        }

        Assert.Equal(0, Filled(0)[7][1]);
        var (some, much) = (Filled(0.01)[7][1], Filled(100)[7][1]);
        Assert.InRange(some, 0.05, 0.75);
        Assert.InRange(much, 0.75, 0.87);
        Assert.Equal(0.82, Filled(0.01)[7][0], 12);
    }
}
