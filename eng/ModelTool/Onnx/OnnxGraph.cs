using System.Globalization;
using System.Runtime.InteropServices;

namespace MetaLlm.ModelTool.Onnx;

/// <summary>
/// Builds an ONNX model (IR version 8, operator set 17) node by node; values are referred to by name. Operators of ONNX
/// Runtime's own domain are written as <c>com.microsoft.Name</c>.
/// </summary>
/// <param name="name">Name of the graph.</param>
public sealed class OnnxGraph(string name)
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const string RuntimeDomain = "com.microsoft";
    private const int RuntimeOperatorSet = 1;

    private readonly List<ProtoMessage> _nodes = [];
    private readonly List<ProtoMessage> _constants = [];
    private readonly List<ProtoMessage> _inputs = [];
    private readonly List<ProtoMessage> _outputs = [];
    private bool _usesRuntimeDomain;

    /// <summary>Declares an input; a dimension is a number or the name of a free axis.</summary>
    public string Input(string input, TensorType type, params object[] dimensions)
    {
        _inputs.Add(ValueInfo(input, type, dimensions));
        return input;
    }

    /// <summary>Declares <paramref name="value"/> to be the output called <paramref name="output"/>.</summary>
    public void Output(string value, string output, TensorType type, params object[] dimensions)
    {
        _nodes.Add(new ProtoMessage().Text(1, value).Text(2, output).Text(3, output).Text(4, "Identity"));
        _outputs.Add(ValueInfo(output, type, dimensions));
    }

    /// <summary>Adds a float tensor; no dimensions make it a vector.</summary>
    public string Constant(string constant, ReadOnlySpan<float> values, params long[] dimensions) =>
        Constant(constant, TensorType.Float, MemoryMarshal.AsBytes(values), dimensions.Length == 0 ? [values.Length] : dimensions);

    /// <summary>Adds a vector of integers, as shapes and axes are.</summary>
    public string Constant(string constant, params long[] values) =>
        Constant(constant, TensorType.Int64, MemoryMarshal.AsBytes(values.AsSpan()), [values.Length]);

    /// <summary>Adds an 8-bit tensor.</summary>
    public string Constant(string constant, ReadOnlySpan<sbyte> values, params long[] dimensions) =>
        Constant(constant, TensorType.Int8, MemoryMarshal.AsBytes(values), dimensions);

    /// <summary>Adds an unsigned 8-bit tensor.</summary>
    public string Constant(string constant, ReadOnlySpan<byte> values, params long[] dimensions) =>
        Constant(constant, TensorType.UInt8, values, dimensions);

    /// <summary>Adds a node with one output and returns the name of that output.</summary>
    public string Node(string operation, string[] inputs, params (string Name, object Value)[] attributes) =>
        Nodes(operation, inputs, 1, attributes)[0];

    /// <summary>Adds a node with several outputs and returns their names.</summary>
    public string[] Nodes(string operation, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{operation}_{_nodes.Count}");
        var names = Enumerable.Range(0, outputs).Select(i => string.Create(CultureInfo.InvariantCulture, $"{id}_{i}")).ToArray();
        var node = new ProtoMessage();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        foreach (var output in names)
        {
            node.Text(2, output);
        }

        var isOfRuntime = operation.StartsWith(RuntimeDomain + ".", StringComparison.Ordinal);
        node.Text(3, id).Text(4, isOfRuntime ? operation[(RuntimeDomain.Length + 1)..] : operation);
        if (isOfRuntime)
        {
            node.Text(7, RuntimeDomain);
            _usesRuntimeDomain = true;
        }

        foreach (var (attribute, value) in attributes)
        {
            node.Message(5, Attribute(attribute, value));
        }

        _nodes.Add(node);
        return names;
    }

    /// <summary>The model as the bytes of an .onnx file.</summary>
    public byte[] Build(string producer)
    {
        var graph = new ProtoMessage();
        AddAll(graph, 1, _nodes);
        graph.Text(2, name);
        AddAll(graph, 5, _constants);
        AddAll(graph, 11, _inputs);
        AddAll(graph, 12, _outputs);
        var operators = new ProtoMessage().Text(1, string.Empty).Integer(2, OperatorSet);
        var model = new ProtoMessage().Integer(1, IrVersion).Text(2, producer).Message(7, graph).Message(8, operators);
        if (_usesRuntimeDomain)
        {
            model.Message(8, new ProtoMessage().Text(1, RuntimeDomain).Integer(2, RuntimeOperatorSet));
        }

        return model.ToArray();
    }

    private static void AddAll(ProtoMessage graph, int field, List<ProtoMessage> messages)
    {
        foreach (var message in messages)
        {
            graph.Message(field, message);
        }
    }

    private static ProtoMessage Attribute(string attribute, object value)
    {
        const int floatAttribute = 1;
        const int integerAttribute = 2;
        const int integersAttribute = 7;
        var message = new ProtoMessage().Text(1, attribute);
        switch (value)
        {
            case float number:
                return message.Float(2, number).Integer(20, floatAttribute);
            case long number:
                return message.Integer(3, number).Integer(20, integerAttribute);
            case long[] numbers:
                foreach (var number in numbers)
                {
                    message.Integer(8, number);
                }

                return message.Integer(20, integersAttribute);
            default:
                throw new ArgumentException($"Attribute {attribute} is a {value.GetType().Name}; float, long and long[] can be written.", nameof(value));
        }
    }

    private static ProtoMessage ValueInfo(string value, TensorType type, object[] dimensions)
    {
        var shape = new ProtoMessage();
        foreach (var dimension in dimensions)
        {
            shape.Message(1, dimension is string axis
                ? new ProtoMessage().Text(2, axis)
                : new ProtoMessage().Integer(1, Convert.ToInt64(dimension, CultureInfo.InvariantCulture)));
        }

        var tensor = new ProtoMessage().Integer(1, (long)type).Message(2, shape);
        return new ProtoMessage().Text(1, value).Message(2, new ProtoMessage().Message(1, tensor));
    }

    private string Constant(string constant, TensorType type, ReadOnlySpan<byte> raw, long[] dimensions)
    {
        var tensor = new ProtoMessage();
        foreach (var dimension in dimensions)
        {
            tensor.Integer(1, dimension);
        }

        _constants.Add(tensor.Integer(2, (long)type).Text(8, constant).Bytes(9, raw));
        return constant;
    }
}
