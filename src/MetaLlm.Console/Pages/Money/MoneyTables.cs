using System.Globalization;
using System.Text;
using MetaLlm.Engine.Usage;
using MetaLlm.Gateway.Http;

namespace MetaLlm.WebConsole.Pages.Money;

/// <summary>The tables of money as CSV (RFC 4180), with exact amounts and names of columns that do not change with the language.</summary>
internal static class MoneyTables
{
    private const string Figures = "requests,settled,failed_attempts,prompt_tokens,cached_tokens,completion_tokens,spend_usd,wasted_usd,exploration_usd,rewards,mean_reward,reward_variance,mean_latency_seconds";

    /// <summary>Names of all tables.</summary>
    public static IReadOnlyList<string> Names { get; } = ["days", "models", "tasks", "keys", "tenants"];

    /// <summary>Reads the rows of a table, and nothing else.</summary>
    /// <param name="sums">Where they come from.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static async Task<IReadOnlyList<UsageSum>> ReadAsync(MoneySums sums, string name) => name switch
    {
        "days" => await sums.DaysAsync().ConfigureAwait(false),
        "models" => MoneySums.Models(await sums.DaysAsync().ConfigureAwait(false)),
        "tasks" => await sums.ByAsync(UsageDimension.Task).ConfigureAwait(false),
        "keys" => await sums.ByAsync(UsageDimension.Key).ConfigureAwait(false),
        _ => await sums.TenantsAsync().ConfigureAwait(false),
    };

    /// <summary>A table.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Csv(IReadOnlyList<UsageSum> rows, string name)
    {
        var byDay = name == "days";
        var text = new StringBuilder(byDay ? "day,model" : name[..^1]).Append(',').Append(Figures).Append("\r\n");
        foreach (var row in rows)
        {
            if (byDay)
            {
                text.Append(CultureInfo.InvariantCulture, $"{row.At.UtcDateTime:yyyy-MM-dd},");
            }

            text.Append(CsvField.Of(row.Group))
                .Append(CultureInfo.InvariantCulture, $",{row.Requests},{row.Settled},{row.FailedAttempts},{row.InputTokens},{row.CachedInputTokens},{row.OutputTokens}")
                .Append(CultureInfo.InvariantCulture, $",{(decimal)row.SpentUsd:0.############},{(decimal)row.WastedUsd:0.############},{(decimal)row.ExplorationUsd:0.############}")
                .Append(CultureInfo.InvariantCulture, $",{row.Rewards},{row.MeanReward},{row.RewardVariance},{row.MeanLatencySeconds}\r\n");
        }

        return text.ToString();
    }
}
