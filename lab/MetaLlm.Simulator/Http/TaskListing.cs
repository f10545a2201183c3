using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>GET /sim/tasks: what can be asked, with the right answers. <c>type</c> and <c>limit</c> (1 to 1,000; default 20) narrow the list.</summary>
internal static class TaskListing
{
    private const int DefaultLimit = 20;
    private const int MaximumLimit = 1_000;

    public static async Task WriteAsync(HttpContext context, TaskCatalog catalog)
    {
        var (type, limit) = (context.Request.Query["type"].FirstOrDefault(), context.Request.Query["limit"].FirstOrDefault());
        var types = Enum.GetValues<SimTaskType>().Select(EnumNames.Of).ToArray();
        if (type is not null && !types.Contains(type, StringComparer.Ordinal))
        {
            await ApiError.Invalid("type", $"'{type}' is no type; the types are {string.Join(", ", types)}.").WriteAsync(context);
            return;
        }

        var count = DefaultLimit;
        if (limit is not null && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MaximumLimit))
        {
            await ApiError.Invalid("limit", $"'{limit}' is not usable; it must be a whole number from 1 to {MaximumLimit}.").WriteAsync(context);
            return;
        }

        // Drawn instead of taken from the top, so that a short list shows every type and level.
        var tasks = catalog.Draw(catalog.Tasks.Count, seed: 0).Where(task => type is null || EnumNames.Of(task.Type) == type).Take(count);
        await ControlEndpoints.WriteAsync(context, new
        {
            Everyday = TaskCatalog.EverydayExamples,
            Types = types,
            Total = catalog.Tasks.Count,
            Tasks = tasks.Select(task => new { task.Id, Type = EnumNames.Of(task.Type), task.Prompt, task.Answer, task.Difficulty }),
        });
    }
}
