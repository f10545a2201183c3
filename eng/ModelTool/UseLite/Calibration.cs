using System.Numerics.Tensors;
using MetaLlm.Embeddings.Tokenization;
using MetaLlm.ModelTool.Reductions;
using Microsoft.ML.OnnxRuntime;

namespace MetaLlm.ModelTool.UseLite;

/// <summary>Measures the inputs of the layers on the template sentences, in 32-bit arithmetic.</summary>
internal static class Calibration
{
    /// <summary>The range of every layer that can run on 8-bit integers, by the name of its matrix.</summary>
    public static Dictionary<string, ActivationRange> Run(UseLiteWeights weights, ITokenizer tokenizer)
    {
        var (network, layers) = UseLiteGraph.ConvertForCalibration(weights);
        var least = new float[layers.Count];
        var largest = new float[layers.Count];
        using var session = new InferenceSession(network);
        using var options = new RunOptions();
        foreach (var sentence in TemplateSentences.WithTopics())
        {
            // One at a time, so that padding does not count.
            var ids = tokenizer.Encode(sentence);
            var mask = new long[ids.Length];
            mask.AsSpan().Fill(1);
            using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, [1, ids.Length]);
            using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [1, ids.Length]);
            using var inputs = session.Run(options, ["input_ids", "attention_mask"], [idsValue, maskValue], [.. layers.Select(UseLiteGraph.InputOf)]);
            for (var i = 0; i < layers.Count; i++)
            {
                var values = inputs[i].GetTensorDataAsSpan<float>();
                least[i] = MathF.Min(least[i], TensorPrimitives.Min(values));
                largest[i] = MathF.Max(largest[i], TensorPrimitives.Max(values));
            }
        }

        return layers.Index().ToDictionary(layer => layer.Item, layer => ActivationRange.Of(least[layer.Index], largest[layer.Index]));
    }
}
