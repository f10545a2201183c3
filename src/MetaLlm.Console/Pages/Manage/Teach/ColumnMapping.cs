using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.WebConsole.Pages.Manage.Teach;

/// <summary>What each column of a file is: a member of the API's lines, or nothing.</summary>
/// <param name="Roles">For each column <c>query</c>, <c>task</c>, <c>input_tokens</c>, <c>MEMBER@MODEL</c> for a member of a model's outcome, or nothing.</param>
internal sealed record ColumnMapping(IReadOnlyList<string> Roles)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] OfLines = ["query", "task", "input_tokens"];
    private static readonly string[] QueryNames = ["query", "prompt", "question", "input", "text"];

    /// <summary>Members of an outcome.</summary>
    public static readonly string[] OutcomeMembers = ["reward", "cost_usd", "output_tokens", "input_tokens", "cached_tokens", "latency_ms"];

    /// <summary>Every role that a column can have.</summary>
    /// <param name="arms">The tenant's models.</param>
    public static IEnumerable<string> AllRoles(IEnumerable<string> arms) =>
        OfLines.Concat(arms.SelectMany(arm => OutcomeMembers.Select(member => $"{member}@{arm}")));

    /// <summary>Goes by the names of the columns.</summary>
    /// <param name="table">The file.</param>
    /// <param name="arms">The tenant's models.</param>
    public static ColumnMapping Guess(UploadTable table, IReadOnlyList<string> arms)
    {
        var taken = new HashSet<string>();
        return new ColumnMapping([.. table.Columns.Select(column => Role(column) is { } role && taken.Add(role) ? role : "")]);

        string? Role(string column) =>
            QueryNames.Contains(column, StringComparer.OrdinalIgnoreCase) ? "query"
            : column.Equals("task", StringComparison.OrdinalIgnoreCase) || column.Equals("input_tokens", StringComparison.OrdinalIgnoreCase) ? column.ToLowerInvariant()
            : arms.SelectMany(arm => OutcomeMembers.Select(member => (arm, member))).Where(one => Names(one.arm, one.member).Contains(column, StringComparer.OrdinalIgnoreCase)).Select(one => $"{one.member}@{one.arm}").FirstOrDefault();
    }

    /// <summary>Makes the API's line of a row. Models without a reward in it are left out of it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="arms">The models whose outcomes it has.</param>
    public string ToLine(UploadRow row, out IReadOnlySet<string> arms)
    {
        var line = new JsonObject();
        var outcomes = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        for (var i = 0; i < Roles.Count; i++)
        {
            if (Roles[i].Length == 0 || row.Cells[i] is not { } cell)
            {
                continue;
            }

            if (Roles[i].IndexOf('@', StringComparison.Ordinal) is > 0 and var at)
            {
                var arm = Roles[i][(at + 1)..];
                if (!outcomes.TryGetValue(arm, out var outcome))
                {
                    outcomes[arm] = outcome = [];
                }

                outcome[Roles[i][..at]] = Number(cell);
            }
            else
            {
                line[Roles[i]] = Roles[i] == "input_tokens" ? Number(cell) : cell;
            }
        }

        var known = outcomes.Where(outcome => outcome.Value.ContainsKey("reward")).ToList();
        line["outcomes"] = new JsonObject(known.Select(outcome => KeyValuePair.Create(outcome.Key, (JsonNode?)outcome.Value)));
        arms = known.Select(outcome => outcome.Key).ToHashSet();
        return line.ToJsonString(Relaxed);
    }

    /// <summary>Makes a body for the API of some lines, each on the line of the file that it comes from, so that errors name that one.</summary>
    /// <param name="lines">The lines with their places, in order.</param>
    public static byte[] Body(IEnumerable<(int Line, string Text)> lines)
    {
        var body = new ArrayBufferWriter<byte>();
        var at = 1;
        foreach (var (line, text) in lines)
        {
            for (; at < line; at++)
            {
                body.Write("\n"u8);
            }

            Encoding.UTF8.GetBytes(text, body);
        }

        return body.WrittenSpan.ToArray();
    }

    private static IEnumerable<string> Names(string arm, string member)
    {
        IEnumerable<string> names = [$"outcomes.{arm}.{member}", $"{arm}.{member}", $"{arm}_{member}", $"{arm} {member}", $"{arm}:{member}"];
        return member == "reward" ? names.Append(arm) : names;
    }

    private static JsonNode Number(string cell) => cell.ToLowerInvariant() switch
    {
        "true" => 1,
        "false" => 0,
        _ => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : cell,
    };
}
