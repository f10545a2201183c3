using System.Diagnostics.Metrics;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.InProcess.Tests;

public sealed class ServiceRegistrationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_host_serves_tenants_and_saves_them_when_it_stops()
    {
        using (var host = Build(_ => { }))
        {
            await host.StartAsync();
            var engine = host.Services.GetRequiredService<ITenantEngine>();
            await engine.ConfigureAsync("acme", TestTenants.Configuration(), default);
            await engine.DecideAsync("acme", TestTenants.Query(), default);
            await host.StopAsync();

            var snapshot = await host.Services.GetRequiredService<ISnapshotStore>().LoadAsync("acme", default);
            Assert.Equal(1, snapshot!.Snapshot.DecisionOrdinal);
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        using var next = Build(_ => { });
        Assert.Equal(1, (await next.Services.GetRequiredService<ITenantEngine>().DescribeAsync("acme", default)).Decisions);
        await ((IAsyncDisposable)next).DisposeAsync();
    }

    [Fact]
    public async Task Options_out_of_range_keep_the_host_from_starting_and_are_named()
    {
        using var host = Build(services =>
        {
            services.Configure<InProcessEngineOptions>(options => options.MailboxCapacity = 0);
            services.Configure<InProcessEngineOptions>(options => options.IdleTimeout = TimeSpan.Zero);
        });

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("MailboxCapacity is 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("IdleTimeout is 00:00:00", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_meter_counts_decisions_feedback_and_tenants()
    {
        using var host = Build(_ => { });
        var sums = new Dictionary<string, long>();
        using var listener = Listen(host.Services.GetRequiredService<IMeterFactory>(), sums);
        await using var engine = host.Services.GetRequiredService<InProcessTenantEngine>();

        await engine.ConfigureAsync("acme", TestTenants.Configuration(), default);
        var decision = await engine.DecideAsync("acme", TestTenants.Query(), default);
        var feedback = new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = 1, IdempotencyKey = "k" };
        await engine.SubmitFeedbackAsync("acme", [feedback, feedback, feedback with { DecisionId = "unknown" }], default);

        lock (sums)
        {
            Assert.Equal(1, sums["metallm.engine.decisions"]);
            Assert.Equal(1, sums["metallm.engine.feedback accepted"]);
            Assert.Equal(1, sums["metallm.engine.feedback duplicate"]);
            Assert.Equal(1, sums["metallm.engine.feedback unknown_decision"]);
            Assert.Equal(1, sums["metallm.engine.active_tenants"]);
        }

        await engine.DisposeAsync();
        lock (sums)
        {
            Assert.Equal(0, sums["metallm.engine.active_tenants"]);
        }

        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private static MeterListener Listen(IMeterFactory factory, Dictionary<string, long> sums)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == EngineMetrics.MeterName && instrument.Meter.Scope == factory)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (sums)
            {
                var key = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
                sums[key] = sums.GetValueOrDefault(key) + value;
            }
        });
        listener.Start();
        return listener;
    }

    private IHost Build(Action<IServiceCollection> more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IEmbedder>(new FixedEmbedder());
        builder.Services.AddMetaLlmSqlite(options => options.Path = Path.Combine(_directory, "metallm.db"));
        builder.Services.AddMetaLlmInProcessEngine();
        more(builder.Services);
        return builder.Build();
    }
}
