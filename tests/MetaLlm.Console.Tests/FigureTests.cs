using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Engine.Usage;
using MetaLlm.Gateway.Configuration;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using MetaLlm.WebConsole.Pages.Money;
using MetaLlm.WebConsole.Tests.Manage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.WebConsole.Tests;

/// <summary>Figures of pages: that they are of now, and what is asked for them.</summary>
[Collection(ConsoleFixture.Collection)]
public sealed class FigureTests(ConsoleFixture console)
{
    private readonly ManagedGateway _gateway = new(console.Gateway);

    [Fact]
    public async Task The_cluster_page_does_not_take_what_was_written_since_the_last_report_for_a_lag()
    {
        await _gateway.MakeTenantAsync("lagging");
        using var visitor = await ConsoleVisitor.SignInAsync(_gateway.Address, ManagedGateway.AdminKey);
        await SendAsync();

        // The board keeps what it has read of the tenant.
        await visitor.ReadAsync("/console?tenant=lagging");
        await SendAsync();
        var html = await visitor.ReadAsync("/console/cluster?tenant=lagging");
        Assert.Equal("2", Stat(html, "Decisions written"));
        Assert.Equal("0", Stat(html, "Events not applied yet"));

        Task SendAsync() => visitor.SendAsync("/console/playground/send?tenant=lagging", ("prompt", "Is 91 prime?"), ("model", "sim-large"));
    }

    [Theory]
    [InlineData("days", UsageDimension.Model, UsageBucket.Day, "alpha")]
    [InlineData("models", UsageDimension.Model, UsageBucket.Day, "alpha")]
    [InlineData("tasks", UsageDimension.Task, UsageBucket.Span, "alpha")]
    [InlineData("keys", UsageDimension.Key, UsageBucket.Span, "alpha")]
    [InlineData("tenants", UsageDimension.Model, UsageBucket.Span, null)]
    public async Task A_table_of_money_reads_its_own_sums_alone(string table, UsageDimension by, UsageBucket bucket, string? tenant)
    {
        using var visitor = await ConsoleVisitor.SignInAsync(_gateway.Address, ManagedGateway.AdminKey);
        console.Gateway.TakeCalls();
        var csv = await visitor.ReadAsync($"/console/money/csv?tenant=alpha&table={table}");
        Assert.True(csv.Split("\r\n").Length > 2, csv);
        var query = Assert.IsType<UsageSumQuery>(Assert.Single(console.Gateway.TakeCalls(), call => call.Method == nameof(IUsageSums.ReadSumsAsync)).Arguments[0]);
        Assert.Equal((by, bucket, tenant), (query.By, query.Bucket, query.Tenant));
    }

    [Fact]
    public async Task Budgets_are_found_whatever_the_case_of_their_names()
    {
        var document = (await _gateway.DocumentAsync("acme"))["arms"]!.ToJsonString();
        await console.Gateway.Host.Services.GetRequiredService<ITenantDirectory>().WriteAsync(
            new DirectoryWrite { Action = DirectoryAction.CreateTenant, Actor = "test", At = DateTimeOffset.UtcNow, Tenant = "shouting", Document = $"{{\"id\":\"shouting\",\"arms\":{document},\"BUDGET\":{{\"USDPERDAY\":3.25}}}}" },
            default);
        using var visitor = await ConsoleVisitor.SignInAsync(_gateway.Address, ManagedGateway.AdminKey);
        Assert.Contains("$3.25", await visitor.ReadAsync("/console/money?tenant=shouting"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_sums_of_money_together_are_waited_for_no_longer_than_a_page_waits()
    {
        var time = new ManualTimeProvider();
        var sums = new SlowSums(time, TimeSpan.FromMilliseconds(200));
        var data = await MoneyData.ReadAsync(sums, "acme", time.GetUtcNow().AddDays(-1), time.GetUtcNow(), time, new BudgetSettings(), others: true, TimeSpan.FromMilliseconds(500), default);
        Assert.False(data.IsCurrent);
        Assert.Equal([500, 300, 100, 0, 0], sums.Waits.Select(wait => wait!.Value.TotalMilliseconds));
    }

    [Fact]
    public async Task A_tenant_whose_document_cannot_be_read_keeps_nobody_from_the_others()
    {
        var directory = new InMemoryTenantDirectory();
        await directory.WriteAsync(new DirectoryWrite { Action = DirectoryAction.CreateTenant, Actor = "test", At = DateTimeOffset.UnixEpoch, Tenant = "broken", Document = "no JSON" }, default);
        var view = new ConsoleView();
        Assert.True(await new TenantScope(console.Gateway.Host.Services.GetRequiredService<SettingsStore>(), directory).FindAsync(new DefaultHttpContext(), view, offer: true));
        Assert.Equal(["alpha", "beta", "broken"], view.Tenants);
    }

    [Theory]
    [InlineData("1", 4)]
    [InlineData("0.50", 5)]
    [InlineData("", 5)]
    public async Task A_preview_asks_once_for_each_weight_of_money(string dial, int previews)
    {
        using var visitor = await ConsoleVisitor.SignInAsync(_gateway.Address, ManagedGateway.AdminKey);
        console.Gateway.TakeCalls();
        var (_, html) = await visitor.SendAsync("/console/playground/preview?tenant=acme", ("prompt", "Is 91 prime?"), ("dial", dial));
        Assert.Contains("If money weighed otherwise", html, StringComparison.Ordinal);
        Assert.Equal(previews, console.Gateway.TakeCalls().Count(call => call.Method == nameof(ITenantEngine.PreviewAsync)));
    }

    [Fact]
    public async Task The_learning_page_leads_to_an_example_of_each_model_and_task()
    {
        using var visitor = await ConsoleVisitor.SignInAsync(_gateway.Address, ManagedGateway.AdminKey);
        var html = await visitor.ReadAsync("/console/learning?tenant=alpha");
        var link = ConsoleVisitor.Find(html, "What each model is good at.*?href=\"(/console/decisions/[^\"]+)\"");
        var decision = await visitor.ReadAsync(link);
        Assert.Contains("feedback, weight", decision, StringComparison.Ordinal);
    }

    /// <summary>Takes some time, if it is given as much, and never gets ready.</summary>
    private sealed class SlowSums(ManualTimeProvider time, TimeSpan takes) : IUsageSums
    {
        public List<TimeSpan?> Waits { get; } = [];

        public ValueTask<UsageSums> ReadSumsAsync(UsageSumQuery query, CancellationToken cancellationToken)
        {
            Waits.Add(query.Patience);
            time.Advance(query.Patience < takes ? query.Patience.Value : takes);
            return new(new UsageSums([], IsCurrent: false));
        }
    }

    private static string Stat(string html, string label) => ConsoleVisitor.Find(html, $"<dt>{label}</dt>\\s*<dd[^>]*>([^<]+)<");
}
