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

    /// <summary>A table.</summary>
    /// <param name="data">Where it comes from.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static string Csv(MoneyData data, string name)
    {
        var byDay = name == "days";
        var text = new StringBuilder(byDay ? "day,model" : name[..^1]).Append(',').Append(Figures).Append("\r\n");
        IReadOnlyList<UsageSum> rows = name switch
        {
            "days" => data.Days,
            "models" => data.Models,
            "tasks" => data.Tasks,
            "keys" => data.Keys,
            _ => data.Tenants,
        };
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
