using System.Runtime.CompilerServices;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Makes one call with the silo's own provider, on the silo that the caller's message reached, and leaves.</summary>
/// <remarks>
/// It is no stateless worker: a client spreads the messages to those among all silos, while every next part must come from the
/// activation that has the answer.
/// </remarks>
[GrainType("metallm.remote-call")]
[PreferLocalPlacement, Immovable, Reentrant]
internal sealed class RemoteCallGrain([FromKeyedServices(LocalServices.Key)] IChatProvider provider, RemoteCalls calls) : Grain, IRemoteCallGrain
{
    private bool _began;
    private bool _ended;
    private int _silentBeats;

    /// <inheritdoc/>
    public async IAsyncEnumerable<AnswerPart> AnswerAsync(ChatCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!calls.TryBegin())
        {
            DeactivateOnIdle();
            throw new SiloDrainingException();
        }

        _began = true;
        this.RegisterGrainTimer(CountSilence, new GrainTimerCreationOptions(IRemoteCallGrain.Beat, IRemoteCallGrain.Beat) { Interleave = true });
        try
        {
            await using var answer = await provider.SendAsync(call, cancellationToken);
            yield return AnswerPart.Beginning(answer);
            await foreach (var part in answer.Parts.WithCancellation(cancellationToken))
            {
                yield return AnswerPart.From(part);
            }
        }
        finally
        {
            _ended = true;
        }
    }

    /// <summary>The call is over once its caller asks for no more. When the upstream is done the end of the answer may still be here.</summary>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_began)
        {
            calls.End();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> HoldAsync()
    {
        _silentBeats = 0;
        if (!_began)
        {
            DeactivateOnIdle();
        }

        return ValueTask.FromResult(_began);
    }

    // Leaving ends the enumeration, wherever it stands, and with it the upstream's call. A caller may still have the end of an answer to fetch.
    private Task CountSilence(CancellationToken cancellationToken)
    {
        if (++_silentBeats > (_ended ? 1 : IRemoteCallGrain.SilentBeats))
        {
            DeactivateOnIdle();
        }

        return Task.CompletedTask;
    }
}
