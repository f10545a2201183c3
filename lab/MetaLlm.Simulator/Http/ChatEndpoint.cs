using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>POST /v1/chat/completions and POST /v1/completions.</summary>
internal sealed class ChatEndpoint(SimulatorState world, Func<JsonElement, ChatRequest> reader, CancellationToken stopping) : ModelEndpoint(world, stopping)
{
    private readonly CompletionPlanner _planner = new(world);
    private readonly ReplySender _sender = new(world);

    protected override async Task<ApiError?> AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (request, error) = await ReadAsync(context, cancellationToken);
        if (request is null)
        {
            return error;
        }

        if (SimulatedJudge.TryParse(request.Model, out var judge))
        {
            World.Stats.CountRequest(judge.Name);
            await _sender.SendAsync(context, request, _planner.Plan(request, judge, World.Drift.NextRequest()), fault: null, cancellationToken);
            return null;
        }

        if (!World.Models.TryGet(request.Model, out _))
        {
            return ApiError.ModelNotFound(request.Model);
        }

        if (!TryReadFault(context, out var forced))
        {
            return UnknownFault(context);
        }

        // From here on the request counts: drift that was due before it has taken effect, so the model is looked up anew.
        var number = World.Drift.NextRequest();
        var model = World.Models.Current(request.Model);
        World.Stats.CountRequest(model.Name);
        if (World.Models.IsDown(model.Name))
        {
            return ApiError.Unavailable(model.Name);
        }

        return await ServeAsync(
            model.Name, forced, fault => _sender.SendAsync(context, request, _planner.Plan(request, model, number), fault, cancellationToken), cancellationToken);
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
}
