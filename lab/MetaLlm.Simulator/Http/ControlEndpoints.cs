using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>The strings behind the stage: /sim/tasks, /sim/models, /sim/stats, /sim/faults, /sim/drift.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this WebApplication app, SimulatorState world)
    {
        app.MapGet("/sim/tasks", context => TaskListing.WriteAsync(context, world.Catalog));
        app.MapGet("/sim/models", context =>
        {
            world.Drift.CatchUp();
            return WriteAsync(context, world.Models.All.Select(model => ControlJson.Describe(model, world.Models.IsDown(model.Name))));
        });
        app.MapGet("/sim/stats", context => WriteAsync(context, world.Stats.Snapshot().Select(ControlJson.Describe)));

        app.MapGet("/sim/faults", context => WriteAsync(context, world.Faults.Rules.Select(ControlJson.Describe)));
        app.MapPost("/sim/faults", context => AddAsync<FaultBody>(context, body => world.Faults.Add(body.ToRule())));
        app.MapDelete("/sim/faults", context =>
            WriteAsync(context, new Dictionary<string, int> { ["removed"] = world.Faults.Clear(context.Request.Query["model"].FirstOrDefault()) }));

        app.MapPost("/sim/drift", context => AddAsync<DriftBody>(context, body => world.Drift.Add(body.ToEvent())));
    }

    private static async Task AddAsync<T>(HttpContext context, Action<T> add)
    {
        try
        {
            add(await JsonSerializer.DeserializeAsync<T>(context.Request.Body, ControlJson.Options, context.RequestAborted)
                ?? throw new JsonException("the body is null."));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (JsonException exception)
        {
            await ApiError.Malformed(exception.Message).WriteAsync(context);
        }
        catch (FieldException exception)
        {
            await ApiError.Invalid(exception.Field, exception.Message).WriteAsync(context);
        }
        catch (ArgumentException exception)
        {
            await ApiError.Invalid("body", exception.Message).WriteAsync(context);
        }
    }

    internal static Task WriteAsync<T>(HttpContext context, T body) =>
        context.Response.WriteAsJsonAsync(body, ControlJson.Options, context.RequestAborted);
}
