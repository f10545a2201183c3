using MetaLlm.ModelTool.Onnx;

namespace MetaLlm.ModelTool.UseLite;

/// <summary>
/// Rebuilds Universal Sentence Encoder Lite as an ONNX graph: token embeddings plus sinusoidal positions, two
/// pre-norm transformer layers with 4 heads, the mean over tokens, one tanh layer, unit length.
/// </summary>
internal sealed class UseLiteGraph
{
    private const int VocabularySize = 8002;
    private const int EmbeddingSize = 256;
    private const int ModelSize = 512;
    private const int FeedForwardSize = 1536;
    private const int Heads = 4;
    private const int MaxTokens = 128;
    private const float LayerNormEpsilon = 1e-6f;
    private const float MaskedOut = -1e9f;
    private const string LastLayer = "hidden_layers/tanh_layer_0/weights";

    private readonly UseLiteWeights _weights;
    private readonly WeightPrecision _precision;
    private readonly IReadOnlyDictionary<string, ActivationRange> _ranges;
    private readonly List<string>? _calibrated;
    private readonly OnnxGraph _graph = new("use-lite-en");

    private UseLiteGraph(UseLiteWeights weights, WeightPrecision precision, IReadOnlyDictionary<string, ActivationRange>? ranges = null, List<string>? calibrated = null)
    {
        _weights = weights;
        _precision = precision;
        _ranges = ranges ?? new Dictionary<string, ActivationRange>();
        _calibrated = calibrated;
    }

    /// <summary>The network with 32-bit arithmetic.</summary>
    public static byte[] Convert(UseLiteWeights weights, WeightPrecision precision) => new UseLiteGraph(weights, precision).Build();

    /// <summary>The network whose layers with a range multiply 8-bit integers.</summary>
    public static byte[] Convert(UseLiteWeights weights, IReadOnlyDictionary<string, ActivationRange> ranges) =>
        new UseLiteGraph(weights, WeightPrecision.Int8, ranges).Build();

    /// <summary>The 32-bit network with the inputs of its layers as further outputs, and the names of those layers' matrices.</summary>
    public static (byte[] Network, IReadOnlyList<string> Layers) ConvertForCalibration(UseLiteWeights weights)
    {
        var calibrated = new List<string>();
        return (new UseLiteGraph(weights, WeightPrecision.Float32, calibrated: calibrated).Build(), calibrated);
    }

    /// <summary>The output of a calibration network that holds the input of a layer.</summary>
    public static string InputOf(string matrix) => matrix + "/input";

    private byte[] Build()
    {
        var ids = _graph.Input("input_ids", TensorType.Int64, "batch", "sequence");
        var mask = _graph.Input("attention_mask", TensorType.Int64, "batch", "sequence");
        var last = _graph.Constant("last_axis", -1L);
        var tokens = _graph.Constant("token_axis", 1L);
        var one = _graph.Constant("one", [1f]);
        var present = _graph.Node("Cast", [mask], ("to", (long)TensorType.Float));
        var presentPerToken = _graph.Node("Unsqueeze", [present, last]);
        var absent = _graph.Node("Unsqueeze", [_graph.Node("Sub", [one, present]), _graph.Constant("head_and_query_axes", 1, 2)]);
        var attentionBias = _graph.Node("Mul", [absent, _graph.Constant("masked_out", [MaskedOut])]);

        var hidden = _graph.Node("Mul", [EmbedTokens(ids, tokens), presentPerToken]);
        hidden = TransformerLayer(0, hidden, EmbeddingSize, attentionBias);
        hidden = TransformerLayer(1, hidden, ModelSize, attentionBias);

        var sum = _graph.Node("ReduceSum", [_graph.Node("Mul", [hidden, presentPerToken]), tokens], ("keepdims", 0L));
        var count = _graph.Node("Max", [_graph.Node("ReduceSum", [present, tokens], ("keepdims", 1L)), one]);
        var pooled = _graph.Node("Div", [sum, count]);
        var output = _graph.Node("Tanh", [Linear(pooled, LastLayer, ModelSize, ModelSize, "hidden_layers/tanh_layer_0/bias")]);
        var squares = _graph.Node("ReduceSum", [_graph.Node("Mul", [output, output]), tokens], ("keepdims", 1L));
        var length = _graph.Node("Sqrt", [_graph.Node("Max", [squares, _graph.Constant("smallest_square", [1e-12f])])]);
        _graph.Output(_graph.Node("Div", [output, length]), "sentence_embedding", TensorType.Float, "batch", ModelSize);
        return _graph.Build("MetaLlm ModelTool");
    }

    private string EmbedTokens(string ids, string tokens)
    {
        var table = Matrix("Embeddings_en", VocabularySize, EmbeddingSize, scaleAxis: 0);
        var embedded = _graph.Node("Gather", [table, ids]);
        var length = _graph.Node("Gather", [_graph.Node("Shape", [ids]), tokens]);
        var start = _graph.Constant("first_position", 0L);
        var positions = _graph.Node("Slice", [_graph.Constant("positions", Positions(), MaxTokens, EmbeddingSize), start, length, start]);
        // The original looks every token up twice and adds the two.
        return _graph.Node("Add", [_graph.Node("Add", [embedded, embedded]), positions]);
    }

    /// <summary>Row p is [sin(p w_0), sin(p w_1), ..., cos(p w_0), cos(p w_1), ...].</summary>
    private float[] Positions()
    {
        var frequencies = _weights["TimingSignal/ExpandDims_1"];
        var table = new float[MaxTokens * EmbeddingSize];
        for (var position = 0; position < MaxTokens; position++)
        {
            for (var i = 0; i < frequencies.Length; i++)
            {
                table[position * EmbeddingSize + i] = MathF.Sin(position * frequencies[i]);
                table[position * EmbeddingSize + frequencies.Length + i] = MathF.Cos(position * frequencies[i]);
            }
        }

        return table;
    }

    private string TransformerLayer(int layer, string input, int inputSize, string attentionBias)
    {
        var prefix = $"Encode/Layer_{layer}/TransformerLayer/";
        var attended = Attention(prefix, layer, LayerNorm(input, prefix + "layer_prepostprocess"), inputSize, attentionBias);
        var residual = inputSize == ModelSize
            ? input
            : Linear(input, prefix + "dense/kernel/ConcatPartitions/concat", inputSize, ModelSize, prefix + "dense/bias/ConcatPartitions/concat");
        var hidden = _graph.Node("Add", [attended, residual]);

        var matrices = $"TransformerStack/Layer_{layer}/TransformerLayer/FFN/";
        var widened = Linear(LayerNorm(hidden, prefix + "FFN/layer_prepostprocess"), matrices + "conv1/Tensordot/Reshape_1", ModelSize, FeedForwardSize, prefix + "FFN/conv1/bias/ConcatPartitions/concat");
        var narrowed = Linear(_graph.Node("Relu", [widened]), matrices + "conv2/Tensordot/Reshape_1", FeedForwardSize, ModelSize, prefix + "FFN/conv2/bias/ConcatPartitions/concat");
        return _graph.Node("Add", [hidden, narrowed]);
    }

    private string Attention(string prefix, int layer, string input, int size, string attentionBias)
    {
        var weights = prefix + "MultiheadAttention/";
        var headSize = size / Heads;
        var projected = Linear(input, weights + "qkv_transform_single/kernel/part_0", size, 3 * size, weights + "qkv_transform_single/bias/ConcatPartitions/concat");
        var parts = _graph.Nodes("Split", [projected, _graph.Constant($"layer_{layer}_thirds", size, size, size)], 3, ("axis", -1L));
        var split = _graph.Constant($"layer_{layer}_by_head", 0, 0, Heads, headSize);
        string ByHead(string value, params long[] order) => _graph.Node("Transpose", [_graph.Node("Reshape", [value, split])], ("perm", order));

        var queries = _graph.Node("Mul", [ByHead(parts[0], 0, 2, 1, 3), _graph.Constant($"layer_{layer}_query_scale", [1 / MathF.Sqrt(headSize)])]);
        var scores = _graph.Node("Add", [_graph.Node("MatMul", [queries, ByHead(parts[1], 0, 2, 3, 1)]), attentionBias]);
        var context = _graph.Node("MatMul", [_graph.Node("Softmax", [scores], ("axis", -1L)), ByHead(parts[2], 0, 2, 1, 3)]);
        var joined = _graph.Node("Reshape", [_graph.Node("Transpose", [context], ("perm", new long[] { 0, 2, 1, 3 })), _graph.Constant($"layer_{layer}_joined", 0, 0, size)]);
        return Linear(joined, weights + "output_transform_single/kernel/part_0", size, ModelSize, weights + "output_transform_single/bias/ConcatPartitions/concat");
    }

    private string LayerNorm(string input, string prefix) => _graph.Node(
        "LayerNormalization",
        [input, Vector(prefix + "/layer_norm/layer_norm_scale/ConcatPartitions/concat"), Vector(prefix + "/layer_norm/layer_norm_bias/ConcatPartitions/concat")],
        ("axis", -1L),
        ("epsilon", LayerNormEpsilon));

    private string Linear(string input, string matrix, int rows, int columns, string bias)
    {
        if (_ranges.TryGetValue(matrix, out var range))
        {
            return IntegerLinear(input, range, matrix, rows, columns, bias);
        }

        // The last layer runs once a text instead of once a token: its time does not count, its rounding would.
        if (_calibrated is not null && matrix != LastLayer)
        {
            _calibrated.Add(matrix);
            _graph.Output(input, InputOf(matrix), TensorType.Float, "batch", "sequence", rows);
        }

        return _graph.Node("Add", [_graph.Node("MatMul", [input, Matrix(matrix, rows, columns, scaleAxis: 1)]), Vector(bias)]);
    }

    private string IntegerLinear(string input, ActivationRange range, string matrix, int rows, int columns, string bias)
    {
        var quantized = QuantizedMatrix.ForIntegerProducts(_weights.Matrix(matrix, rows, columns), rows, columns);
        var integers = _graph.Constant(matrix + "/int8", quantized.Values, rows, columns);
        var scales = _graph.Constant(matrix + "/scale", quantized.Scales.AsSpan());
        var inputScale = _graph.Constant(matrix + "/input_scale", [range.Scale]);
        var inputZero = _graph.Constant(matrix + "/input_zero", [range.ZeroPoint], 1);
        var rounded = _graph.Node("QuantizeLinear", [input, inputScale, inputZero]);
        return _graph.Node("com.microsoft.MatMulIntegerToFloat", [rounded, integers, inputScale, scales, inputZero, string.Empty, Vector(bias)]);
    }

    private string Vector(string name) => _graph.Constant(name, _weights[name].AsSpan());

    private string Matrix(string name, int rows, int columns, int scaleAxis)
    {
        var values = _weights.Matrix(name, rows, columns);
        if (_precision == WeightPrecision.Float32)
        {
            return _graph.Constant(name, values, rows, columns);
        }

        var quantized = QuantizedMatrix.Of(values, rows, columns, scaleAxis);
        var integers = _graph.Constant(name + "/int8", quantized.Values, rows, columns);
        return _graph.Node("DequantizeLinear", [integers, _graph.Constant(name + "/scale", quantized.Scales.AsSpan())], ("axis", (long)scaleAxis));
    }
}
