using MathNet.Numerics.LinearAlgebra;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Features;

public sealed class FeatureMapTests
{
    [Fact]
    public void Principal_components_span_the_leading_eigenvectors_of_an_independent_library()
    {
        const int n = 20;
        var rows = Enumerable.Range(0, 300).Select(i => Enumerable.Range(0, n)
            .Select(j => (float)((CounterRandom.Uniform((ulong)i, (ulong)j) - 0.5) * (n - j) + (j == 3 ? 2 : 0))).ToArray()).ToList();
        var found = PrincipalComponents.Fit(rows, 4)!;
        var x = Matrix<double>.Build.Dense(rows.Count, n, (i, j) => rows[i][j]);
        var mean = x.ColumnSums() / rows.Count;
        var centred = Matrix<double>.Build.Dense(rows.Count, n, (i, j) => x[i, j] - mean[j]);
        var evd = (centred.TransposeThisAndMultiply(centred) / rows.Count).Evd(Symmetricity.Symmetric);
        for (var k = 0; k < 4; k++)
        {
            var expected = evd.EigenVectors.Column(n - 1 - k);
            var cosine = Enumerable.Range(0, n).Sum(j => expected[j] * found.Rows[(k * n) + j]);
            Assert.Equal(1, Math.Abs(cosine), 1e-4);
        }

        Assert.Equal(1 / Math.Sqrt(evd.EigenValues[n - 1].Real), found.Scale, 1e-4);
    }

    [Fact]
    public void Too_few_or_constant_rows_leave_the_models_own_reduction()
    {
        Assert.Null(PrincipalComponents.Fit([.. Enumerable.Range(0, 7).Select(i => new float[] { i, 1, 2, 3, 4 })], 4));
        Assert.Null(PrincipalComponents.Fit([.. Enumerable.Range(0, 50).Select(_ => new float[] { 5, 1, 2, 3, 4 })], 4));
    }

    [Fact]
    public void Tags_get_slots_in_order_of_arrival_and_share_them_when_none_is_left()
    {
        var tasks = new TaskVocabulary();
        for (var i = 0; i < TaskVocabulary.Slots; i++)
        {
            Assert.Equal(i, tasks.SlotOf($"tag{i}"));
            tasks.Add($"tag{i}");
        }

        Assert.Equal(3, tasks.SlotOf("tag3"));
        var late = tasks.SlotOf("one too many");
        tasks.Add("one too many");
        Assert.Equal(late, tasks.SlotOf("one too many"));
        Assert.InRange(late, 0, TaskVocabulary.Slots - 1);
        Assert.Equal(TaskVocabulary.Slots, tasks.Tags.Count);
    }

    [Fact]
    public void Another_model_reduction_or_part_is_another_schema()
    {
        var map = new FeatureMap("m1", Log.Reduction());
        var schemas = new[]
        {
            map.Schema(ContextParts.All),
            map.Schema(ContextParts.Structural),
            new FeatureMap("m2", Log.Reduction()).Schema(ContextParts.All),
            new FeatureMap("m1", Log.Reduction("other")).Schema(ContextParts.All),
        };
        Assert.Equal(schemas.Length, schemas.Distinct().Count());
    }

    [Fact]
    public void Features_that_are_no_numbers_are_refused()
    {
        var map = new FeatureMap("m1", Log.Reduction());
        var query = Log.Query(1);
        var embedding = (float[])query.Embedding.Clone();
        embedding[2] = float.NaN;
        Assert.Throws<ArgumentException>(() => map.Map(query with { Embedding = embedding }, ContextParts.All));
        Assert.Throws<ArgumentException>(() => map.Map(query with { InputTokens = 0 }, ContextParts.All));
        Assert.Throws<ArgumentException>(() => map.Map(query with { Structural = [1, 2] }, ContextParts.All));
    }

    [Fact]
    public void What_is_not_there_is_zero_and_what_is_odd_is_cut_off()
    {
        var map = new FeatureMap("m1", Log.Reduction());
        var structural = new float[StructuralFeatures.Count];
        structural[1] = 1e30f;
        var x = map.Map(new QueryFeatures(structural, [], null, 1), ContextParts.All);
        Assert.Equal(1, x[0]);
        Assert.Equal(4, x[2]);
        Assert.All(x[(1 + StructuralFeatures.Count)..], v => Assert.Equal(0, v));
    }
}
