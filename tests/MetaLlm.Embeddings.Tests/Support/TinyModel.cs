using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MetaLlm.ModelTool.Onnx;

namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>
/// A BERT-like model small enough to work out by hand: seven pieces, and the hidden state of a token is
/// its row in a table of two columns plus the row of its segment, which is 0 for segment 0.
/// </summary>
internal static class TinyModel
{
    public static readonly string[] Pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "play", "##ing", "!"];

    private static readonly float[] Table = [9, 9, 0, 1, 2, 0, 0, 2, 6, 0, 0, 6, 3, 4];

    public static void Write(string directory, string pooling = "mean", bool normalize = false, Action<JsonObject>? change = null)
    {
        File.WriteAllLines(Path.Combine(directory, "vocab.txt"), Pieces);
        File.WriteAllBytes(Path.Combine(directory, "tiny.onnx"), Network());
        var manifest = new JsonObject
        {
            ["id"] = "tiny-1",
            ["licence"] = "MIT",
            ["dimensions"] = 2,
            ["prefix"] = "",
            ["tokenizer"] = new JsonObject { ["kind"] = "wordPiece", ["file"] = "vocab.txt", ["maxTokens"] = 8, ["lowercase"] = true },
            ["network"] = new JsonObject
            {
                ["file"] = "tiny.onnx",
                ["tokenIdsInput"] = "input_ids",
                ["attentionMaskInput"] = "attention_mask",
                ["tokenTypesInput"] = "token_type_ids",
                ["output"] = "last_hidden_state",
                ["pooling"] = pooling,
                ["normalize"] = normalize,
            },
            ["sha256"] = new JsonObject { ["vocab.txt"] = Hash(directory, "vocab.txt"), ["tiny.onnx"] = Hash(directory, "tiny.onnx") },
        };
        change?.Invoke(manifest);
        File.WriteAllText(Path.Combine(directory, "manifest.json"), manifest.ToJsonString());
    }

    public static string Hash(string directory, string file) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(directory, file))));

    private static byte[] Network()
    {
        var graph = new OnnxGraph("tiny");
        var ids = graph.Input("input_ids", TensorType.Int64, "batch", "sequence");
        graph.Input("attention_mask", TensorType.Int64, "batch", "sequence");
        var types = graph.Input("token_type_ids", TensorType.Int64, "batch", "sequence");
        var hidden = graph.Node("Gather", [graph.Constant("table", Table.AsSpan(), Pieces.Length, 2), ids]);
        var segments = graph.Node("Gather", [graph.Constant("segments", new float[] { 0, 0, 100, 100 }.AsSpan(), 2, 2), types]);
        graph.Output(graph.Node("Add", [hidden, segments]), "last_hidden_state", TensorType.Float, "batch", "sequence", 2);
        return graph.Build("tests");
    }
}
