using System.Globalization;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Onboarding;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Management;

/// <summary>
/// Reads a warm start or a quiz: JSON lines, each a query with every arm's outcome, or that of the arm which was asked. What an outcome leaves out follows from the rest at the arm's
/// prices: the cost from the tokens, or the output tokens from the cost.
/// </summary>
internal static class WarmStartReader
{
    public const int LongestQuery = 1_000_000;
    public const int LongestTask = 64;
    public const double MostTokens = 1e9;
    public const double MostUsd = 1e6;
    public const double MostMilliseconds = 86_400_000;

    /// <param name="body">The body.</param>
    /// <param name="arms">The tenant's arms; every line has an outcome for each.</param>
    /// <param name="mostRows">Most lines.</param>
    /// <exception cref="ApiException">Something is wrong; the error names the line and the field.</exception>
    public static List<WarmStartExample> Read(ReadOnlyMemory<byte> body, IReadOnlyList<Arm> arms, int mostRows) =>
        Read(body, WarmStartSet.FewestRows, mostRows, line => ReadLine(line, arms, null));

    /// <param name="body">The body.</param>
    /// <param name="arms">The tenant's arms.</param>
    /// <param name="asked">The one of them that every line has an outcome of; those of others may be missing.</param>
    /// <exception cref="ApiException">Something is wrong; the error names the line and the field.</exception>
    public static List<WarmStartExample> ReadQuiz(ReadOnlyMemory<byte> body, IReadOnlyList<Arm> arms, string asked) =>
        Read(body, QuizSet.FewestRows, QuizSet.MostRows, line => ReadLine(line, arms, asked));

    private static List<WarmStartExample> Read(
        ReadOnlyMemory<byte> body, int fewestRows, int mostRows, Func<JsonObjectReader, WarmStartExample> read)
    {
        var examples = new List<WarmStartExample>();
        for (var number = 1; !body.IsEmpty; number++)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (examples.Count == mostRows)
            {
                throw ApiException.BadField("body", $"has more than {mostRows} lines; {fewestRows} to {mostRows} are legal.");
            }

            var path = string.Create(CultureInfo.InvariantCulture, $"line {number}");
            using var document = RequestBodyReader.Parse(line, path);
            examples.Add(read(new JsonObjectReader(document.RootElement, path)));
        }

        return examples.Count >= fewestRows
            ? examples
            : throw ApiException.BadField("body", $"has {examples.Count} lines; {fewestRows} to {mostRows} are legal.");
    }

    private static WarmStartExample ReadLine(JsonObjectReader line, IReadOnlyList<Arm> arms, string? asked)
    {
        line.RefuseUnknown("query", "task", "input_tokens", "outcomes");
        var query = line.RequiredText("query", LongestQuery);
        var tokens = line.Number("input_tokens", 1, MostTokens)
            ?? Math.Max(1, TokenEstimate.PerMessage + TokenEstimate.FromText(query));
        var outcomes = line.Object("outcomes")
            ?? throw ApiException.BadField(line.Field("outcomes"), $"is missing; it must be an object with an outcome {(asked is null ? "for each of the tenant's models" : $"of '{asked}'")}.");
        outcomes.RefuseUnknown([.. arms.Select(a => a.Id)]);
        return new WarmStartExample(query, line.Text("task", LongestTask), tokens, [.. arms.Select(Read)]);

        ArmOutcome Read(Arm arm) => asked is null || arm.Id == asked || outcomes.Find(arm.Id) is not null
            ? ReadOutcome(outcomes, arm, tokens, asked)
            : ArmOutcome.Unknown;
    }

    private static ArmOutcome ReadOutcome(JsonObjectReader outcomes, Arm arm, double inputTokens, string? asked)
    {
        var outcome = outcomes.Object(arm.Id)
            ?? throw ApiException.BadField(outcomes.Field(arm.Id), $"is missing; {(asked is null ? "every model of the tenant" : "the model that is asked")} needs an outcome.");
        outcome.RefuseUnknown("reward", "input_tokens", "cached_tokens", "output_tokens", "cost_usd", "latency_ms");
        var reward = outcome.Number("reward", 0, 1)
            ?? throw ApiException.BadField(outcome.Field("reward"), "is missing; it must be a number from 0 to 1.");
        var input = outcome.Number("input_tokens", 0, MostTokens) ?? arm.InputOf(inputTokens);
        var cached = outcome.Number("cached_tokens", 0, input) ?? 0;
        var output = outcome.Number("output_tokens", 0, MostTokens);
        var cost = outcome.Number("cost_usd", 0, MostUsd);
        if (output is null && cost is null)
        {
            throw ApiException.BadField(outcome.Field("output_tokens"), "is missing, and so is 'cost_usd'; one of the two is needed.");
        }

        var usage = new TokenUsage(input, cached, output ?? Infer(arm, new TokenUsage(input, cached, 0), cost!.Value));
        return new ArmOutcome(reward, usage, cost ?? arm.Cost(usage), outcome.Number("latency_ms", 0, MostMilliseconds) / 1000 ?? double.NaN);
    }

    // An arm without a price of output tells nothing about its length.
    private static double Infer(Arm arm, TokenUsage input, double costUsd) =>
        arm.Prices.Output > 0 ? Math.Max(0, (costUsd - arm.Cost(input)) / arm.Prices.Output) : arm.PriorOutputTokens;
}
