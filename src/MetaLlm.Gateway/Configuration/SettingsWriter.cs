using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Writes settings as a configuration file has them. What has its default is left out, and so is every name of a variable.</summary>
internal static class SettingsWriter
{
    /// <summary>Writes an object.</summary>
    /// <param name="settings">Settings that were read from a file.</param>
    public static JsonObject Write(object settings)
    {
        var json = new JsonObject();
        foreach (var member in SettingsShape.Of(settings.GetType()).InFile.Where(member => member.Kind is not (SettingsKind.Variable or SettingsKind.File)))
        {
            if (member.Get(settings) is { } value && (member.IsRequired || !Equals(value, member.Default)) && Write(member, value) is { } written)
            {
                json[member.Name] = written;
            }
        }

        return json;
    }

    private static JsonNode? Write(SettingsMember member, object value) => (member.Form, value) switch
    {
        (SettingsForm.List, IEnumerable list) => list.Cast<object>().Any() ? new JsonArray([.. list.Cast<object>().Select(entry => WriteOne(member, entry))]) : null,
        (SettingsForm.Map, IDictionary map) => map.Count == 0 ? null
            : new JsonObject(map.Keys.Cast<string>().Select(name => KeyValuePair.Create(name, WriteOne(member, map[name]!)))),
        _ => WriteOne(member, value) is JsonObject { Count: 0 } ? null : WriteOne(member, value),
    };

    private static JsonNode? WriteOne(SettingsMember member, object value) => (member.Kind, value) switch
    {
        (SettingsKind.Object, _) => Write(value),
        (SettingsKind.Flag, bool flag) => JsonValue.Create(flag),
        (SettingsKind.Integer, _) => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        (SettingsKind.Number, _) => JsonValue.Create(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        (SettingsKind.Seconds, TimeSpan time) => JsonValue.Create(time.TotalSeconds),
        (SettingsKind.Choice, _) => JsonValue.Create(member.Choices!.First(choice => choice.Value.Equals(value)).Key),
        (SettingsKind.Json, JsonText text) => WriteJson(text),
        _ => JsonValue.Create(value.ToString()),
    };

    /// <summary>What would read back as something else is written as a text that is JSON: objects, lists, null, and texts such as "5".</summary>
    private static JsonNode? WriteJson(JsonText text)
    {
        var node = JsonNode.Parse(text.Json);
        return node?.GetValueKind() switch
        {
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node,
            JsonValueKind.String when JsonText.Parse(node.GetValue<string>()) == text => node,
            _ => JsonValue.Create(text.Json),
        };
    }
}
