using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Replay.Datasets;

/// <summary>Reads a data set directory: <c>meta.json</c> and <c>data.jsonl</c>.</summary>
internal static class ReplayDatasetReader
{
    /// <summary>
    /// Price of a token of <see cref="TokenUsage.Output"/> for arms whose tokens are not recorded, USD: the whole cost is then
    /// booked as output, so that a policy that predicts tokens predicts the cost. A millionth of a dollar puts the
    /// counts where true token counts lie, which is where a policy's expectations before the first call lie too.
    /// </summary>
    public const double UsdPerCostToken = 1e-6;

    /// <summary>Prices of such arms.</summary>
    public static readonly TokenPrices CostOnly = new(0, 0, UsdPerCostToken);

    // Answers are expected to be this long before the first one was seen, as in the product.
    private const double PriorOutputTokens = 256;

    /// <summary>Reads and checks everything.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="armNames">Models to keep; null keeps all.</param>
    /// <param name="judges">Whose scores are taken; null for those of the data set.</param>
    /// <exception cref="BadInputException">Something is missing or malformed.</exception>
    public static ReplayDataset Read(string directory, IReadOnlyList<string>? armNames, DatasetJudges? judges = null)
    {
        if (!Directory.Exists(directory))
        {
            throw new BadInputException($"--data: there is no directory {directory}.");
        }

        var description = DatasetDescription.Read(Path.Combine(directory, "meta.json"));
        var selected = SelectArms(description.Models, armNames);
        var file = Path.Combine(directory, "data.jsonl");
        var rows = ReadRows(file, new RawRowParser(file, description.Models, selected, judges));
        var arms = new Arm[selected.Length];
        var hasTokens = new bool[selected.Length];
        for (var i = 0; i < selected.Length; i++)
        {
            var model = selected[i];
            var prices = description.PricesPerMillion[model];
            hasTokens[i] = prices is not null && rows.TrueForAll(r => !double.IsNaN(r.InputTokens[model]) && !double.IsNaN(r.OutputTokens[model]));
            arms[i] = ToArm(description.Models[model], prices, hasTokens[i]);
        }

        return new ReplayDataset(description.Name, file, arms, rows.ConvertAll(r => ToRow(r, selected, hasTokens)));
    }

    private static int[] SelectArms(IReadOnlyList<string> models, IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return [.. Enumerable.Range(0, models.Count)];
        }

        var problems = names.Except(models)
            .Select(n => $"--arms: there is no model {n} in the data set; its models are {string.Join(", ", models)}.")
            .ToArray();
        return problems.Length > 0
            ? throw new BadInputException(problems)
            : [.. Enumerable.Range(0, models.Count).Where(i => names.Contains(models[i], StringComparer.Ordinal))];
    }

    // Lines end with a line feed and nothing else: texts may hold other characters that Unicode calls line ends.
    private static List<RawRow> ReadRows(string file, RawRowParser parser)
    {
        if (!File.Exists(file))
        {
            throw new BadInputException($"{file}: there is no such file; a data set is a directory with data.jsonl and meta.json.");
        }

        var rows = new List<RawRow>();
        var lineOfQuery = new Dictionary<string, int>(StringComparer.Ordinal);
        ReadOnlyMemory<byte> rest = File.ReadAllBytes(file);
        for (var line = 1; !rest.IsEmpty; line++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var row = parser.Parse(end < 0 ? rest : rest[..end], line);
            if (row is not null && !lineOfQuery.TryAdd(row.QueryId, line))
            {
                throw new BadInputException($"{file}:{line}: the query id {row.QueryId} was used before, on line {lineOfQuery[row.QueryId]}; ids must be unique.");
            }

            if (row is not null)
            {
                rows.Add(row);
            }

            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return rows.Count > 0 ? rows : throw new BadInputException($"{file}: the file has no rows.");
    }

    // List prices are public before any call: where only costs are recorded, they still say what to expect of the first call.
    private static Arm ToArm(string id, (double Input, double Output)? prices, bool hasTokens) => hasTokens
        ? new Arm { Id = id, Prices = TokenPrices.PerMillion(prices!.Value.Input, prices.Value.Output), PriorOutputTokens = PriorOutputTokens }
        : new Arm
        {
            Id = id,
            Prices = CostOnly,
            PriorOutputTokens = Math.Max(1, PriorOutputTokens * (prices?.Output ?? 1)),
        };

    private static ReplayRow ToRow(RawRow raw, int[] selected, bool[] hasTokens)
    {
        var usage = new TokenUsage[selected.Length];
        for (var i = 0; i < usage.Length; i++)
        {
            usage[i] = hasTokens[i]
                ? new TokenUsage(raw.InputTokens[selected[i]], 0, raw.OutputTokens[selected[i]])
                : new TokenUsage(0, 0, raw.CostUsd[selected[i]] / UsdPerCostToken);
        }

        double[] Pick(double[] values) => [.. selected.Select(i => values[i])];
        return new ReplayRow
        {
            QueryId = raw.QueryId,
            Task = raw.Task,
            Text = raw.Text,
            Split = raw.Split,
            Score = Pick(raw.Score),
            CostUsd = Pick(raw.CostUsd),
            Usage = usage,
            LatencySeconds = Pick(raw.LatencySeconds),
        };
    }
}
