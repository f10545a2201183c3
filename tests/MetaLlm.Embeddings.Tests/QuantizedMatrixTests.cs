using MetaLlm.ModelTool.UseLite;

namespace MetaLlm.Embeddings.Tests;

public sealed class QuantizedMatrixTests
{
    private const int Rows = 33;
    private const int Columns = 40;

    private static readonly float[] Values = RandomValues();

    [Fact]
    public void Neighbours_that_meet_the_largest_inputs_stay_within_16_bits()
    {
        var matrix = QuantizedMatrix.ForIntegerProducts(Values, Rows, Columns);
        var largest = 0;
        for (var row = 0; row + 1 < Rows; row += 2)
        {
            for (var column = 0; column < Columns; column++)
            {
                var (one, other) = (matrix.Values[row * Columns + column], matrix.Values[(row + 1) * Columns + column]);
                largest = Math.Max(largest, byte.MaxValue * (Math.Max(one, (sbyte)0) + Math.Max(other, (sbyte)0)));
                largest = Math.Max(largest, byte.MaxValue * -(Math.Min(one, (sbyte)0) + Math.Min(other, (sbyte)0)));
            }
        }

        // Close to the limit too: coarser steps than needed would cost fidelity.
        Assert.InRange(largest, byte.MaxValue * 125, short.MaxValue);
    }

    [Fact]
    public void Every_value_is_at_most_half_a_step_away()
    {
        var matrix = QuantizedMatrix.ForIntegerProducts(Values, Rows, Columns);
        for (var i = 0; i < Values.Length; i++)
        {
            var scale = matrix.Scales[i % Columns];
            Assert.Equal(Values[i], matrix.Values[i] * scale, 0.501f * scale);
        }
    }

    private static float[] RandomValues()
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, Rows * Columns).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
