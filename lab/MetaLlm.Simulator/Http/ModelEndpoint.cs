using MetaLlm.Simulator.Faults;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>What endpoints of simulated models have in common: faults, and an end that no request holds up.</summary>
internal abstract class ModelEndpoint(SimulatorState world, CancellationToken stopping)
{
    /// <summary>A request names the fault it wants here; it goes before any rule.</summary>
    public const string FaultHeader = "x-sim-fault";

    protected SimulatorState World => world;

    public async Task HandleAsync(HttpContext context)
    {
        // A request that hangs on purpose must not hold up the end of the simulator.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            if (await AnswerAsync(context, ended.Token) is { } error)
            {
                await error.WriteAsync(context);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Nobody is left to answer.
            context.Abort();
        }
    }

    /// <returns>An error that is still to be written; null where the request was answered.</returns>
    protected abstract Task<ApiError?> AnswerAsync(HttpContext context, CancellationToken cancellationToken);

    /// <summary>Answers a request that was counted, unless a fault that keeps it from being answered is drawn or forced.</summary>
    protected async Task<ApiError?> ServeAsync(string model, FaultRule? forced, Func<FaultRule?, Task> serve, CancellationToken cancellationToken)
    {
        var fault = forced ?? world.Faults.Draw(model);
        if (fault is not null)
        {
            world.Stats.CountFault(model, fault.Kind);
        }

        switch (fault?.Kind)
        {
            case FaultKind.RateLimit:
                return ApiError.RateLimited(model, fault.RetryAfterSeconds);
            case FaultKind.ServerError:
                return ApiError.Failed();
            case FaultKind.Unavailable:
                return ApiError.Unavailable(model);
            case FaultKind.Timeout:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return null;
            default:
                await serve(fault);
                return null;
        }
    }

    protected static ApiError UnknownFault(HttpContext context) =>
        ApiError.Invalid(FaultHeader, $"{FaultHeader}: '{context.Request.Headers[FaultHeader]}' is not one of {FaultNames.Legal}.");

    /// <summary>False where the header names no fault; true with null where there is no header.</summary>
    protected static bool TryReadFault(HttpContext context, out FaultRule? forced)
    {
        forced = null;
        if (!context.Request.Headers.TryGetValue(FaultHeader, out var value))
        {
            return true;
        }

        if (!FaultNames.TryParse(value.ToString().Trim(), out var kind))
        {
            return false;
        }

        forced = new FaultRule { Kind = kind };
        return true;
    }
}
