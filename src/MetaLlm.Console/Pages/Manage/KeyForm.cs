using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Turns the form for a key into the body of the API. What cannot be read as a number goes in as a text, and the API's reader says what is wrong.</summary>
internal static class KeyForm
{
    private static readonly string[] Texts = ["name", "days", "role", "scopes"];
    private static readonly string[] Limits = ["requestsPerMinute", "tokensPerMinute", "parallelCalls"];

    /// <summary>The fields as they were typed.</summary>
    /// <param name="form">The form.</param>
    public static IReadOnlyDictionary<string, string> Typed(IFormCollection form) =>
        Texts.Concat(Limits).ToDictionary(name => name, name => form[name].ToString().Trim());

    /// <summary>What is wanted of a key.</summary>
    /// <param name="form">The form.</param>
    /// <param name="ofTenant">Whether it is a tenant's.</param>
    public static JsonElement Body(IFormCollection form, bool ofTenant)
    {
        var typed = Typed(form);
        var body = new JsonObject();
        if (typed["name"].Length > 0)
        {
            body["name"] = typed["name"];
        }

        if (typed["days"].Length > 0)
        {
            body["expires_in_seconds"] = double.TryParse(typed["days"], NumberStyles.Float, CultureInfo.InvariantCulture, out var days) && double.IsFinite(days * 86_400) ? days * 86_400 : typed["days"];
        }

        if (!ofTenant)
        {
            body["role"] = typed["role"];
            return JsonSerializer.SerializeToElement(body);
        }

        body["scopes"] = new JsonArray([.. form["scopes"].Select(scope => (JsonNode?)scope)]);
        var limits = new JsonObject();
        foreach (var name in Limits)
        {
            DocumentFields.Write(limits, new FieldSpec(name, name), typed[name]);
        }

        if (limits.Count > 0)
        {
            body["limits"] = limits;
        }

        return JsonSerializer.SerializeToElement(body);
    }
}
