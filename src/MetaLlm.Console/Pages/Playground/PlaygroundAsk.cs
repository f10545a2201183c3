using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Configuration;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Playground;

/// <summary>What is asked on the page.</summary>
/// <param name="Prompt">The question.</param>
/// <param name="Task">The task's name; empty for none.</param>
/// <param name="Dial">How much money weighs beside quality: 1 as the tenant has it. A text, as it was typed.</param>
/// <param name="Model">A model that is asked whatever the policy thinks; empty for the policy's choice.</param>
internal sealed record PlaygroundAsk(string Prompt, string Task, string Dial, string Model)
{
    /// <summary>What stands on the page at first.</summary>
    public static readonly PlaygroundAsk First = new("What is 17 * 23?", "", "1", "");

    /// <summary>The weight of money that was typed; null for none, and for what is no number.</summary>
    public double? Weight => double.TryParse(Dial, NumberStyles.Float, CultureInfo.InvariantCulture, out var typed) && double.IsFinite(typed) ? typed : null;

    /// <summary>Reads the form.</summary>
    /// <param name="form">The form.</param>
    public static PlaygroundAsk Read(IFormCollection form) => new(form["prompt"].ToString(), form["task"].ToString().Trim(), form["dial"].ToString().Trim(), form["model"].ToString().Trim());

    /// <summary>The request of a client that asks the same.</summary>
    /// <param name="dial">Another weight of money; null for the one that was typed.</param>
    /// <returns>A chat completion request, UTF-8 JSON. What is illegal in it, its reader says.</returns>
    public byte[] ToBody(double? dial = null)
    {
        var wishes = new JsonObject();
        if (Task.Length > 0)
        {
            wishes["task"] = Task;
        }

        if (dial is { } given)
        {
            wishes["dial"] = new JsonObject { ["cost"] = given };
        }
        else if (Dial.Length > 0)
        {
            wishes["dial"] = new JsonObject { ["cost"] = Weight is { } typed ? typed : Dial };
        }

        var body = new JsonObject
        {
            ["model"] = Model.Length > 0 ? Model : ModelNames.Auto,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Prompt }),
            ["metallm"] = wishes,
        };
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
