using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>The part of the surface that a real provider has too.</summary>
internal static class OpenAiEndpoints
{
    public static void MapOpenAi(this WebApplication app, SimulatorState world)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.MapPost("/v1/chat/completions", new ChatEndpoint(world, ChatRequestReader.Read, stopping).HandleAsync);
        app.MapPost("/v1/completions", new ChatEndpoint(world, ChatRequestReader.ReadCompletion, stopping).HandleAsync);
        app.MapPost("/v1/embeddings", new EmbeddingsEndpoint(world, stopping).HandleAsync);
        app.MapGet("/v1/models", context => context.Response.WriteAsJsonAsync(
            new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. Names(world).Select(Describe)]) }, context.RequestAborted));
        app.MapGet("/v1/models/{name}", context =>
        {
            var name = (string)context.Request.RouteValues["name"]!;
            return Names(world).Contains(name)
                ? context.Response.WriteAsJsonAsync(Describe(name), context.RequestAborted)
                : ApiError.ModelNotFound(name).WriteAsync(context);
        });
    }

    private static IEnumerable<string> Names(SimulatorState world) =>
        world.Models.All.Select(model => model.Name).Concat(world.Options.EmbeddingModels.Select(model => model.Name));

    private static JsonObject Describe(string model) =>
        new() { ["id"] = model, ["object"] = "model", ["created"] = 0, ["owned_by"] = "simulator" };
}
