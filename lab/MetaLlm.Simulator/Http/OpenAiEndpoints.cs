using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>The part of the surface that a real provider has too.</summary>
internal static class OpenAiEndpoints
{
    public static void MapOpenAi(this WebApplication app, SimulatorState world)
    {
        var chat = new ChatEndpoint(world, app.Lifetime.ApplicationStopping);
        app.MapPost("/v1/chat/completions", chat.HandleAsync);
        app.MapGet("/v1/models", context => context.Response.WriteAsJsonAsync(
            new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. world.Models.All.Select(Describe)]) }, context.RequestAborted));
        app.MapGet("/v1/models/{name}", context =>
        {
            var name = (string)context.Request.RouteValues["name"]!;
            return world.Models.TryGet(name, out var model)
                ? context.Response.WriteAsJsonAsync(Describe(model), context.RequestAborted)
                : ApiError.ModelNotFound(name).WriteAsync(context);
        });
    }

    private static JsonObject Describe(SimulatedModel model) =>
        new() { ["id"] = model.Name, ["object"] = "model", ["created"] = 0, ["owned_by"] = "simulator" };
}
