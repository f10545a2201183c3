using System.Numerics.Tensors;
using MetaLlm.Embeddings.Models;
using Microsoft.ML.OnnxRuntime;

namespace MetaLlm.Embeddings.Onnx;

/// <summary>One native session: batches of token ids in, vectors out. Safe for concurrent use.</summary>
internal sealed class EmbeddingNetwork : IDisposable
{
    private readonly NetworkManifest _manifest;
    private readonly int _dimensions;
    private readonly string[] _inputs;
    private readonly InferenceSession _session;

    public EmbeddingNetwork(EmbeddingModel model)
    {
        _manifest = model.Manifest.Network;
        _dimensions = model.Manifest.Dimensions;
        _inputs = _manifest.TokenTypesInput is null
            ? [_manifest.TokenIdsInput, _manifest.AttentionMaskInput]
            : [_manifest.TokenIdsInput, _manifest.AttentionMaskInput, _manifest.TokenTypesInput];
        _session = Open(model);
        try
        {
            Check(model);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the network once over a batch, padded to its longest sequence.</summary>
    public float[][] Run(IReadOnlyList<long[]> sequences)
    {
        // An empty sequence still needs a column; its mask stays 0.
        var width = Math.Max(1, sequences.Max(sequence => sequence.Length));
        var ids = new long[sequences.Count * width];
        var mask = new long[ids.Length];
        for (var i = 0; i < sequences.Count; i++)
        {
            sequences[i].CopyTo(ids, i * width);
            mask.AsSpan(i * width, sequences[i].Length).Fill(1);
        }

        long[] shape = [sequences.Count, width];
        using var options = new RunOptions();
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typesValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        OrtValue[] values = _inputs.Length == 2 ? [idsValue, maskValue] : [idsValue, maskValue, typesValue];
        using var outputs = _session.Run(options, _inputs, values, [_manifest.Output]);
        var output = outputs[0].GetTensorDataAsSpan<float>();
        var expected = sequences.Count * _dimensions * (_manifest.Pooling == PoolingKind.None ? 1 : width);
        if (output.Length != expected)
        {
            throw new InvalidDataException($"Output {_manifest.Output} has {output.Length} numbers for {sequences.Count} texts of {width} tokens; {expected} were expected.");
        }

        var vectors = new float[sequences.Count][];
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Pool(output.Slice(output.Length / vectors.Length * i, output.Length / vectors.Length), sequences[i].Length);
        }

        return vectors;
    }

    public void Dispose() => _session.Dispose();

    private static InferenceSession Open(EmbeddingModel model)
    {
        using var options = new SessionOptions
        {
            // Concurrency comes from the callers: one thread a run keeps runs from fighting over cores.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        // Folds weight-only 8-bit matrices into 32-bit ones while the model loads, instead of in every run.
        options.AddSessionConfigEntry("session.disable_quant_qdq", "1");
        try
        {
            return new InferenceSession(model.NetworkPath, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidModelException(model.ModelDirectory, [$"{model.Manifest.Network.File} cannot be loaded: {e.Message}"], e);
        }
    }

    private void Check(EmbeddingModel model)
    {
        var errors = _inputs.Where(input => !_session.InputMetadata.ContainsKey(input))
            .Select(input => $"The network has no input {input}; it has {string.Join(", ", _session.InputMetadata.Keys)}.")
            .Concat(_session.InputMetadata.Keys.Where(input => !_inputs.Contains(input)).Select(input => $"The network's input {input} is not in the manifest."))
            .ToList();
        if (!_session.OutputMetadata.ContainsKey(_manifest.Output))
        {
            errors.Add($"The network has no output {_manifest.Output}; it has {string.Join(", ", _session.OutputMetadata.Keys)}.");
        }

        if (errors.Count > 0)
        {
            throw new InvalidModelException(model.ModelDirectory, errors);
        }

        try
        {
            Run([model.Tokenizer.Encode("a")]);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            throw new InvalidModelException(model.ModelDirectory, [$"The network does not run: {e.Message}"], e);
        }
    }

    private float[] Pool(ReadOnlySpan<float> output, int tokens)
    {
        var vector = output[.._dimensions].ToArray();
        if (_manifest.Pooling == PoolingKind.Mean)
        {
            for (var token = 1; token < tokens; token++)
            {
                TensorPrimitives.Add(vector, output.Slice(token * _dimensions, _dimensions), vector);
            }

            TensorPrimitives.Divide(vector, Math.Max(1, tokens), vector);
        }

        var length = _manifest.Normalize ? TensorPrimitives.Norm(vector) : 1;
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }

        return vector;
    }
}
