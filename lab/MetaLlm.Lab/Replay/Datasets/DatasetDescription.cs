using System.Text.Json;

namespace MetaLlm.Lab.Replay.Datasets;

/// <summary>What <c>meta.json</c> says about a data set.</summary>
/// <param name="Name">Name of the data set.</param>
/// <param name="Models">LLMs in the order of the rows' arrays; unique, at least one.</param>
/// <param name="PricesPerMillion">USD per million input and output tokens by model; null where not recorded.</param>
internal sealed record DatasetDescription(
    string Name, IReadOnlyList<string> Models, IReadOnlyList<(double Input, double Output)?> PricesPerMillion)
{
    private const string PricesField = "model_prices_usd_per_million";

    /// <summary>Reads the file.</summary>
    /// <param name="file">Path of <c>meta.json</c>.</param>
    /// <exception cref="BadInputException">The file is missing or does not say what it must.</exception>
    public static DatasetDescription Read(string file)
    {
        if (!File.Exists(file))
        {
            throw new BadInputException($"{file}: there is no such file; a data set is a directory with data.jsonl and meta.json.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return Interpret(document.RootElement, file);
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{file}:{e.LineNumber + 1}: not valid JSON: {e.Message}");
        }
    }

    private static DatasetDescription Interpret(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("models", out var models)
            || models.ValueKind != JsonValueKind.Array
            || models.GetArrayLength() == 0
            || models.EnumerateArray().Any(m => m.ValueKind != JsonValueKind.String || m.GetString()!.Length == 0))
        {
            throw new BadInputException($"{file}: \"models\" must be an array of at least one model name.");
        }

        string[] names = [.. models.EnumerateArray().Select(m => m.GetString()!)];
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            throw new BadInputException($"{file}: \"models\" names a model twice.");
        }

        var name = root.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String && given.GetString() is { Length: > 0 } text
            ? text
            : Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file)))!;
        return new DatasetDescription(name, names, [.. names.Select(model => ReadPrices(root, model, file))]);
    }

    private static (double Input, double Output)? ReadPrices(JsonElement root, string model, string file)
    {
        if (!root.TryGetProperty(PricesField, out var all) || all.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (all.ValueKind != JsonValueKind.Object)
        {
            throw new BadInputException($"{file}: \"{PricesField}\" must be null or an object of [input, output] by model.");
        }

        if (!all.TryGetProperty(model, out var pair) || pair.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || !IsPrice(pair[0], out var input) || !IsPrice(pair[1], out var output))
        {
            throw new BadInputException($"{file}: \"{PricesField}\" of {model} is {pair.GetRawText()}; it must be [input, output], finite and at least 0.");
        }

        return (input, output);
    }

    private static bool IsPrice(JsonElement element, out double price)
    {
        price = double.NaN;
        return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out price) && double.IsFinite(price) && price >= 0;
    }
}
