using System.Data.Common;

namespace MetaLlm.Aspire.Client;

/// <summary>How an application reaches a tenant of a router.</summary>
public sealed class MetaLlmClientSettings
{
    /// <summary>The router's address with <c>/v1</c>: <c>Endpoint</c> of the connection string.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The tenant's key: <c>Key</c> of the connection string. Null where the router serves callers without one.</summary>
    public string? Key { get; set; }

    /// <summary>The model that is asked for unless a call names one; <c>auto</c> lets the router choose.</summary>
    public string Model { get; set; } = "auto";

    /// <summary>Leaves out the health check, which asks the router whether it is ready.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves out traces of the calls.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Leaves out metrics of the calls.</summary>
    public bool DisableMetrics { get; set; }

    internal void Read(string name, string? connection)
    {
        if (connection is null)
        {
            return;
        }

        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connection;
        }
        catch (ArgumentException)
        {
            // The text holds a key, which must not get into a log.
            throw Wrong(name, "has not the form 'Endpoint=http://…/v1;Key=…'");
        }

        if (parts.TryGetValue("Endpoint", out var address))
        {
            Endpoint = Uri.TryCreate((string)address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? new Uri(uri.ToString().TrimEnd('/'))
                : throw Wrong(name, $"has the Endpoint '{address}', which is no address of http or https");
        }

        Key = parts.TryGetValue("Key", out var key) ? (string)key : Key;
    }

    internal void Check(string name)
    {
        if (Endpoint is null)
        {
            throw Wrong(name, "has no Endpoint, and code sets none");
        }
    }

    private static InvalidOperationException Wrong(string name, string what) => new($"The connection string '{name}' (ConnectionStrings:{name}) {what}.");
}
