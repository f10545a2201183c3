using System.Text.Json;
using MetaLlm.Simulator.Faults;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>POST /v1/chat/completions and POST /v1/completions.</summary>
internal sealed class ChatEndpoint(SimulatorState world, Func<JsonElement, ChatRequest> reader, CancellationToken stopping)
{
    /// <summary>A request names the fault it wants here; it goes before any rule.</summary>
    public const string FaultHeader = "x-sim-fault";

    private readonly CompletionPlanner _planner = new(world);
    private readonly ReplySender _sender = new(world);

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

    private async Task<ApiError?> AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (request, error) = await ReadAsync(context, cancellationToken);
        if (request is null)
        {
            return error;
        }

        if (!world.Models.TryGet(request.Model, out _))
        {
            return ApiError.ModelNotFound(request.Model);
        }

        if (!TryReadFault(context, out var forced))
        {
            return UnknownFault(context);
        }

        // From here on the request counts: drift that was due before it has taken effect, so the model is looked up anew.
        var number = world.Drift.NextRequest();
        var model = world.Models.Current(request.Model);
        world.Stats.CountRequest(model.Name);
        if (world.Models.IsDown(model.Name))
        {
            return ApiError.Unavailable(model.Name);
        }

        var fault = forced ?? world.Faults.Draw(model.Name);
        if (fault is not null)
        {
            world.Stats.CountFault(model.Name, fault.Kind);
        }

        switch (fault?.Kind)
        {
            case FaultKind.RateLimit:
                return ApiError.RateLimited(model.Name, fault.RetryAfterSeconds);
            case FaultKind.ServerError:
                return ApiError.Failed();
            case FaultKind.Unavailable:
                return ApiError.Unavailable(model.Name);
            case FaultKind.Timeout:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return null;
            default:
                var completion = _planner.Plan(request, model, number);
                await _sender.SendAsync(context, request, completion, fault, cancellationToken);
                return null;
        }
    }

    private async Task<(ChatRequest? Request, ApiError? Error)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: cancellationToken);
            return (reader(body.RootElement), null);
        }
        catch (FieldException exception)
        {
            return (null, ApiError.Invalid(exception.Field, exception.Message));
        }
        catch (JsonException exception)
        {
            return (null, ApiError.Malformed(exception.Message));
        }
    }

    public static ApiError UnknownFault(HttpContext context) =>
        ApiError.Invalid(FaultHeader, $"{FaultHeader}: '{context.Request.Headers[FaultHeader]}' is not one of {FaultNames.Legal}.");

    /// <summary>False where the header names no fault; true with null where there is no header.</summary>
    public static bool TryReadFault(HttpContext context, out FaultRule? forced)
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
