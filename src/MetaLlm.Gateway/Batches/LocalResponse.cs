using Microsoft.AspNetCore.Http.Features;

namespace MetaLlm.Gateway.Batches;

/// <summary>The response of a request that no server has: what is to be done at its end is done when whoever asked says so.</summary>
internal sealed class LocalResponse : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Do, object State)> _ends = new();

    /// <inheritdoc/>
    public override void OnCompleted(Func<object, Task> callback, object state) => _ends.Push((callback, state));

    /// <summary>Does what is to be done at the end.</summary>
    public async ValueTask EndAsync()
    {
        while (_ends.TryPop(out var end))
        {
            await end.Do(end.State).ConfigureAwait(false);
        }
    }
}
