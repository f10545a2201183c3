using System.Runtime.InteropServices;
using System.Text.Json;

namespace MetaLlm.ModelTool.UseLite;

/// <summary>The tensors of a TensorFlow.js graph model: model.json names them, the shard files hold them back to back.</summary>
internal sealed class UseLiteWeights
{
    private readonly Dictionary<string, float[]> _tensors = [];

    private UseLiteWeights()
    {
    }

    public static UseLiteWeights Read(string directory)
    {
        using var model = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "model.json")));
        var group = model.RootElement.GetProperty("weightsManifest")[0];
        var bytes = group.GetProperty("paths").EnumerateArray()
            .SelectMany(path => File.ReadAllBytes(Path.Combine(directory, path.GetString()!)))
            .ToArray();
        var weights = new UseLiteWeights();
        var offset = 0;
        foreach (var weight in group.GetProperty("weights").EnumerateArray())
        {
            var length = weight.GetProperty("shape").EnumerateArray().Aggregate(1, (product, dimension) => product * dimension.GetInt32());
            if (weight.GetProperty("dtype").GetString() == "float32")
            {
                weights._tensors.Add(weight.GetProperty("name").GetString()!, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(offset, length * sizeof(float))).ToArray());
            }

            offset += length * sizeof(float);
        }

        return weights;
    }

    /// <summary>The one tensor whose name ends so; the graph's names carry prefixes of the training setup.</summary>
    public float[] this[string suffix] =>
        _tensors.Single(tensor => tensor.Key.EndsWith(suffix, StringComparison.Ordinal)).Value;

    /// <summary>A matrix, checked for its size.</summary>
    public float[] Matrix(string suffix, int rows, int columns)
    {
        var values = this[suffix];
        return values.Length == rows * columns
            ? values
            : throw new InvalidDataException($"{suffix} has {values.Length} entries; {rows} x {columns} were expected.");
    }
}
