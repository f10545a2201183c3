using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Rollout;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Tenants;

/// <summary>Asks the directory once a second what has changed, by one query however many tenants there are, and makes this gateway forget it. Notes when keys were used.</summary>
internal sealed partial class DirectoryWatcher(
    KeyCache keys, TenantCatalog catalog, SideTenants sides, TimeProvider time, ILogger<DirectoryWatcher> logger, ITenantDirectory? directory = null) : IHostedLifecycleService, IDisposable
{
    /// <summary>How often the directory is asked.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private const int Page = 1000;

    private readonly CancellationTokenSource _stopping = new();
    private readonly QuietLog _quiet = new(time);
    private Task _watching = Task.CompletedTask;
    private long? _seen;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _watching = directory is null ? Task.CompletedTask : Task.Run(() => WatchAsync(directory, _stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    /// <summary>Forgets what a change was about; this gateway's own changes are forgotten at once.</summary>
    public void Forget(DirectoryAction action, string? tenant, string? keyId)
    {
        if (keyId is not null)
        {
            keys.Forget(keyId);
        }

        if (tenant is not null && action is DirectoryAction.CreateTenant or DirectoryAction.ReplaceTenant or DirectoryAction.DeleteTenant)
        {
            catalog.Forget(tenant!);
        }

        if (tenant is not null && action == DirectoryAction.DeleteTenant)
        {
            keys.ForgetTenant(tenant);
            sides.Forget(tenant);
        }
    }

    /// <summary>Asks the directory once.</summary>
    internal async Task CatchUpAsync(ITenantDirectory asked, CancellationToken cancellationToken)
    {
        if (_seen is not { } seen)
        {
            seen = await asked.GetRevisionAsync(cancellationToken).ConfigureAwait(false);

            // What was read before may be older.
            keys.ForgetAll();
            catalog.ForgetAll();
            _seen = seen;
        }

        while (true)
        {
            var changes = await asked.ReadChangesAsync(new DirectoryChangeQuery { After = seen, Limit = Page, WithContents = false }, cancellationToken).ConfigureAwait(false);
            foreach (var change in changes)
            {
                Forget(change.Action, change.Tenant, change.KeyId);
                _seen = seen = change.Revision;
            }

            if (changes.Count < Page)
            {
                return;
            }
        }
    }

    private async Task WatchAsync(ITenantDirectory asked, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyUse> uses = [];
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await CatchUpAsync(asked, cancellationToken).ConfigureAwait(false);
                uses = [.. uses, .. keys.TakeUses()];
                if (uses.Count > 0)
                {
                    await asked.RecordUsesAsync(uses, cancellationToken).ConfigureAwait(false);
                    uses = [];
                }

                await Task.Delay(Period, time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A question that fails must not be the last one.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_quiet.MaySay(e.GetType(), out var unsaid))
                {
                    LogFailed(logger, e is EngineUnavailableException ? null : e, e.Message, unsaid);
                }

                // Uses are worth no memory while nobody takes them.
                uses = [];
                await Task.Delay(Period, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(5303, LogLevel.Warning, "The directory of tenants could not be asked what has changed; it is asked again in a second. {Reason} ({Unsaid} more since the last such line.)")]
    private static partial void LogFailed(ILogger logger, Exception? defect, string reason, int unsaid);
}
