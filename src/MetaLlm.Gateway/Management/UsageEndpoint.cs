using System.ComponentModel;
using System.Globalization;
using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary><c>GET /admin/v1/usage</c>: what was used, as JSON or CSV.</summary>
internal sealed class UsageEndpoint(TenantAdministration administration, SettingsStore settings, TimeProvider time, IUsageReports? reports = null)
{
    private const string Csv = "text/csv";

    public async Task<IResult> HandleAsync(
        HttpContext context,
        [Description("The tenant; all without it.")] string? tenant,
        [Description("The earliest time: a date or a time in ISO 8601; 30 days before `to` without it.")] string? from,
        [Description("The time before which: a date or a time in ISO 8601; now without it.")] string? to,
        [Description("What a row stands for: `day`, `model`, `task`, `key` or `tenant`; `day` without it.")] string? by,
        [Description("`json` or `csv`; without it as `Accept` says.")] string? format)
    {
        if (reports is null)
        {
            throw new ApiException(ErrorCode.ManagementDisabled, "This application's store gives no usage reports.");
        }

        if (tenant is not null && !settings.Current.Tenants.ContainsKey(tenant))
        {
            await administration.FindAsync(tenant, context.RequestAborted).ConfigureAwait(false);
        }

        var (begin, end) = AdminRequest.Period(context, time.GetUtcNow());
        var grouping = Grouping(by);
        var isCsv = format switch
        {
            null => context.Request.Headers.Accept.ToString().Contains(Csv, StringComparison.OrdinalIgnoreCase),
            "csv" => true,
            "json" => false,
            _ => throw ApiException.BadField("format", $"is '{format}'; it must be json or csv."),
        };
        var rows = (await reports.ReadUsageAsync(new UsageQuery(tenant, begin, end, grouping), context.RequestAborted).ConfigureAwait(false)).Select(View).ToList();
        return isCsv
            ? Results.Text(Text(Word(grouping), rows), Csv + "; charset=utf-8", Encoding.UTF8)
            : new ApiResult<UsageReportBody>(new UsageReportBody { Tenant = tenant, From = begin, To = end, By = Word(grouping), Data = rows });
    }

    private static UsageGrouping Grouping(string? by) => by is null ? UsageGrouping.Day
        : Enum.GetValues<UsageGrouping>().Where(known => Word(known) == by).Cast<UsageGrouping?>().FirstOrDefault()
            ?? throw ApiException.BadField("by", $"is '{by}'; it must be one of {string.Join(", ", Enum.GetValues<UsageGrouping>().Select(Word))}.");

    private static string Word(UsageGrouping grouping) => grouping.ToString().ToLowerInvariant();

    private static UsageRowBody View(UsageRow row) => new()
    {
        Group = row.Group,
        Requests = row.Requests,
        PromptTokens = row.InputTokens,
        CachedTokens = row.CachedInputTokens,
        CompletionTokens = row.OutputTokens,
        SpendUsd = ApiJson.Usd(row.SpentUsd),
        WastedUsd = ApiJson.Usd(row.WastedUsd),
        Rewards = row.Rewards,
        MeanReward = row.Rewards == 0 ? null : row.RewardSum / row.Rewards,
    };

    private static string Text(string by, IEnumerable<UsageRowBody> rows)
    {
        var text = new StringBuilder(by).Append(",requests,prompt_tokens,cached_tokens,completion_tokens,spend_usd,wasted_usd,rewards,mean_reward\r\n");
        foreach (var row in rows)
        {
            text.Append(CsvField.Of(row.Group)).Append(CultureInfo.InvariantCulture, $",{row.Requests},{row.PromptTokens},{row.CachedTokens},{row.CompletionTokens}")
                .Append(CultureInfo.InvariantCulture, $",{(decimal)row.SpendUsd:0.############},{(decimal)row.WastedUsd:0.############},{row.Rewards},{row.MeanReward}\r\n");
        }

        return text.ToString();
    }
}
