using System.Text.Json;

namespace MetaLlm.Lab.Replay.Datasets;

/// <summary>Reads lines of <c>data.jsonl</c> and refuses what cannot be replayed, naming file, line and field.</summary>
/// <param name="file">Path for messages.</param>
/// <param name="models">The models, in the order of the arrays.</param>
/// <param name="selected">Indices of the models in play: their score and cost must be recorded.</param>
/// <param name="judges">Whose scores are taken; null for those of the data set.</param>
internal sealed class RawRowParser(string file, IReadOnlyList<string> models, IReadOnlyList<int> selected, DatasetJudges? judges = null)
{
    /// <summary>Parses one line.</summary>
    /// <param name="utf8">The line without its line feed.</param>
    /// <param name="line">Its number, from 1.</param>
    /// <returns>The row; null where its judge has not scored every model in play.</returns>
    /// <exception cref="BadInputException">The line is malformed.</exception>
    public RawRow? Parse(ReadOnlyMemory<byte> utf8, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Interpret(document.RootElement, line);
        }
        catch (JsonException e)
        {
            throw Problem(line, $"not valid JSON: {e.Message}");
        }
    }

    private RawRow? Interpret(JsonElement row, int line)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            throw Problem(line, $"a row must be a JSON object, not {row.ValueKind}.");
        }

        // Data sets of a drifting service come in phases instead of splits; either names a part.
        var split = ReadText(row, "split", line) ?? ReadText(row, "phase", line);
        var score = judges is null ? ReadNumbers(row, "score", line, most: 1, required: true)
            : row.TryGetProperty("other_judges", out var all) && all.ValueKind == JsonValueKind.Object ? ReadNumbers(all, judges.Of(split), line, most: 1, required: false)
            : [];
        if (selected.Any(i => i >= score.Length || double.IsNaN(score[i])))
        {
            return null;
        }

        return new RawRow
        {
            Line = line,
            QueryId = ReadText(row, "query_id", line) is { Length: > 0 } id
                ? id
                : throw Problem(line, "\"query_id\" must be a non-empty string."),
            Text = ReadText(row, "query_text", line) ?? throw Problem(line, "\"query_text\" must be a string."),
            Task = ReadText(row, "task", line),
            Split = split,
            Score = score,
            CostUsd = ReadNumbers(row, "cost_usd", line, most: double.MaxValue, required: true),
            InputTokens = ReadNumbers(row, "in_tok", line, most: double.MaxValue, required: false),
            OutputTokens = ReadNumbers(row, "out_tok", line, most: double.MaxValue, required: false),
            LatencySeconds = ReadNumbers(row, "latency_s", line, most: double.MaxValue, required: false),
        };
    }

    private string? ReadText(JsonElement row, string field, int line)
    {
        if (!row.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw Problem(line, $"\"{field}\" must be a string, not {value.GetRawText()}.");
    }

    private double[] ReadNumbers(JsonElement row, string field, int line, double most, bool required)
    {
        var numbers = new double[models.Count];
        Array.Fill(numbers, double.NaN);
        if (row.TryGetProperty(field, out var array) && array.ValueKind != JsonValueKind.Null)
        {
            if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() != models.Count)
            {
                var found = array.ValueKind == JsonValueKind.Array ? $"{array.GetArrayLength()} entries" : array.ValueKind.ToString();
                throw Problem(line, $"\"{field}\" must be an array of {models.Count} entries, one per model; found {found}.");
            }

            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = ReadNumber(array[i], field, i, line, most);
            }
        }

        foreach (var i in required ? selected : [])
        {
            if (double.IsNaN(numbers[i]))
            {
                throw Problem(line, $"\"{field}\" of {models[i]} is not recorded; every arm in play needs it (--arms can leave the model out).");
            }
        }

        return numbers;
    }

    private double ReadNumber(JsonElement value, string field, int model, int line, double most)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return double.NaN;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !(number >= 0 && number <= most))
        {
            var range = most < double.MaxValue ? $"a number from 0 to {most}" : "a finite number of at least 0";
            throw Problem(line, $"\"{field}\" of {models[model]} is {value.GetRawText()}; it must be {range}, or null when not recorded.");
        }

        return number;
    }

    private BadInputException Problem(int line, string message) => new($"{file}:{line}: {message}");
}
