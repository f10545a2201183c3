using System.Runtime.CompilerServices;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Screening;

namespace MetaLlm.Gateway.Chat;

/// <summary>A call of <see cref="LocalChat"/> whose answer has begun. Whoever holds it reads it once and disposes it; on every way out it is settled.</summary>
internal sealed class LocalCall(
    RoutedCall call, ChatPayload payload, CallScreen? screen, AdmittedCall? admitted, CancellationTokenSource end, CancellationToken over) : IAsyncDisposable
{
    private Exception? _unread = new OperationCanceledException("The answer was not read to its end.");

    /// <summary>The call.</summary>
    public RoutedCall Call => call;

    /// <summary>The decision.</summary>
    public DecisionRecord Decision => call.Decision;

    /// <summary>Whether an error says that the host stops, and not that the caller lost patience.</summary>
    public static bool IsOver(Exception error, CancellationToken over, CancellationToken patience) =>
        error is OperationCanceledException && over.IsCancellationRequested && !patience.IsCancellationRequested;

    /// <summary>The error for it.</summary>
    public static ApiException Stopping() => new(new ApiError(ErrorCode.GatewayStopping, "The host stops, and the answer has taken longer than it waits for.") { RetryAfterSeconds = 1 });

    /// <summary>Reads the answer piece by piece as it arrives; each is valid until the next is asked for.</summary>
    /// <param name="cancellationToken">The caller's patience.</param>
    /// <exception cref="Engine.Ports.ChatProviderException">The upstream broke off; the decision is settled as cut.</exception>
    /// <exception cref="ApiException">The host stops.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        var parts = (screen?.ReadAsync(call, payload, either.Token) ?? call.ReadAsync(either.Token)).GetAsyncEnumerator(CancellationToken.None);
        await using var partsEnd = parts.ConfigureAwait(false);
        while (await NextAsync(parts, cancellationToken).ConfigureAwait(false))
        {
            yield return parts.Current;
        }

        _unread = null;
    }

    public async ValueTask DisposeAsync()
    {
        await call.DisposeAsync().ConfigureAwait(false);
        screen?.End(_unread);
        admitted?.Dispose();
        end.Dispose();
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> parts, CancellationToken patience)
    {
        try
        {
            return await parts.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (IsOver(e, over, patience))
        {
            throw Stopping();
        }
        catch (Exception e)
        {
            _unread = e;
            throw;
        }
    }
}
