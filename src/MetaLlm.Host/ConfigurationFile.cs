using System.Text.Json;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace MetaLlm.Host;

/// <summary>A JSON file with comments that is read again when it changes.</summary>
internal sealed class ConfigurationFile : IDisposable
{
    private readonly ConfigurationRoot _root;
    private readonly string _path;
    private bool _loaded;

    private ConfigurationFile(string path)
    {
        _path = path;
        var source = new JsonConfigurationSource { Path = path, ReloadOnChange = true, ReloadDelay = 100, OnLoadException = OnLoadException };
        source.ResolveFileProvider();
        _root = new ConfigurationRoot([source.Build(new ConfigurationBuilder())]);
        _loaded = true;
    }

    /// <summary>What the file says. While it cannot be read it says nothing, which the gateway refuses.</summary>
    public IConfiguration Configuration => _root;

    /// <exception cref="SettingsException">The file is missing or no JSON.</exception>
    public static ConfigurationFile Open(string path)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            throw new SettingsException([new SettingsError(path, "does not exist; --config must name a configuration file.")]);
        }

        return new ConfigurationFile(full);
    }

    public void Dispose() => _root.Dispose();

    private void OnLoadException(FileLoadExceptionContext context)
    {
        if (_loaded)
        {
            context.Ignore = true;
            return;
        }

        var cause = context.Exception.GetBaseException();
        var problem = cause is JsonException { LineNumber: { } line } json
            ? $"is no well-formed JSON at line {line + 1}, byte {json.BytePositionInLine + 1}: {cause.Message}"
            : $"cannot be read: {cause.Message}";
        throw new SettingsException([new SettingsError(_path, problem)]);
    }
}
