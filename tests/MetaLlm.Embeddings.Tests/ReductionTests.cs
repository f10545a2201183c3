using MetaLlm.Core.Features;
using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Reductions;
using MetaLlm.Embeddings.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Embeddings.Tests;

[Collection(SharedModel.Name)]
public sealed class ReductionTests(DefaultModel model)
{
    [Fact]
    public void Rows_of_the_default_reduction_are_orthonormal_up_to_its_scale() => AssertOrthogonalRows(model.Model.Info.Reduction);

    [Theory]
    [InlineData(384, 32)]
    [InlineData(3, 3)]
    [InlineData(1, 1)]
    public void Rows_of_a_seeded_reduction_are_orthonormal_up_to_its_scale(int inputs, int outputs) =>
        AssertOrthogonalRows(SeededReduction.Create(inputs, outputs));

    [Fact]
    public void A_seeded_reduction_is_the_same_in_every_process()
    {
        // One row of four signs: 1/2 each, times the scale 2. The first draw of SplitMix64 is even, worked out with Python's integers.
        Span<float> output = stackalloc float[1];
        SeededReduction.Create(4, 1).Apply([1, 0, 0, 0], output);
        Assert.Equal(-1f, output[0]);
    }

    [Fact]
    public async Task Outputs_on_ordinary_texts_are_of_order_one()
    {
        string[] texts = ["What is the capital of France?", "Write a quicksort in C.", "Why is the sky blue?", "Draft a letter to my landlord.", "2 + 2 = ?"];
        var output = new float[32];
        foreach (var vector in await model.Embedder.EmbedBatchAsync(texts, CancellationToken.None))
        {
            model.Model.Info.Reduction.Apply(vector, output);
            Assert.All(output, value => Assert.InRange(value, -4f, 4f));
            Assert.Contains(output, value => Math.Abs(value) > 0.2f);
        }
    }

    [Fact]
    public void A_reduction_survives_its_file()
    {
        float[] rows = [1, 0, 0, 0, 1, 0];
        float[] mean = [0.5f, 0.25f, 0];
        var reduction = ReductionFile.Parse("id", ReductionFile.Format(3, rows, mean, 2));
        var output = new float[2];
        reduction.Apply([1, 1, 1], output);
        Assert.Equal([1f, 1.5f], output);
    }

    [Fact]
    public void A_torn_reduction_file_is_refused()
    {
        var bytes = ReductionFile.Format(3, [1, 0, 0], [0, 0, 0], 1);
        Assert.Throws<InvalidDataException>(() => ReductionFile.Parse("id", bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Throws<InvalidDataException>(() => ReductionFile.Parse("id", bytes.AsSpan(1)));
        Assert.Throws<InvalidDataException>(() => ReductionFile.Parse("id", []));
    }

    [Fact]
    public void A_reduction_of_another_size_than_the_model_is_refused()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(Path.Combine(directory.Path, "reduction.bin"), ReductionFile.Format(3, [1, 0, 0], [0, 0, 0], 1));
        TinyModel.Write(directory.Path, change: manifest =>
        {
            manifest["reduction"] = "reduction.bin";
            manifest["sha256"]!["reduction.bin"] = TinyModel.Hash(directory.Path, "reduction.bin");
        });
        var exception = Assert.Throws<InvalidModelException>(() => EmbeddingModel.Load(directory.Path));
        Assert.Contains("maps 3 dimensions; the model has 2", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertOrthogonalRows(LinearReduction reduction)
    {
        var columns = new float[reduction.InputDimensions][];
        var input = new float[reduction.InputDimensions];
        var origin = new float[reduction.OutputDimensions];
        reduction.Apply(input, origin);
        for (var i = 0; i < columns.Length; i++)
        {
            input[i] = 1;
            columns[i] = new float[reduction.OutputDimensions];
            reduction.Apply(input, columns[i]);
            input[i] = 0;
        }

        double Dot(int one, int other) => columns.Sum(column => (double)(column[one] - origin[one]) * (column[other] - origin[other]));
        var square = Dot(0, 0);
        for (var one = 0; one < reduction.OutputDimensions; one++)
        {
            for (var other = 0; other <= one; other++)
            {
                Assert.Equal(one == other ? 1 : 0, Dot(one, other) / square, 1e-4);
            }
        }
    }
}
