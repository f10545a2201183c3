using System.Text.Json;
using MetaLlm.Engine.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace MetaLlm.Host;

/// <summary>A JSON file with comments that is read again when it changes.</summary>
internal sealed class ConfigurationFile : IDisposable
{
    private readonly ConfigurationRoot _root;
    private readonly string _path;
    private volatile SettingsError? _unreadable;

    private ConfigurationFile(string path)
    {
        _path = path;
        var source = new JsonConfigurationSource { Path = path, ReloadOnChange = true, ReloadDelay = 100, OnLoadException = OnLoadException };
        source.ResolveFileProvider();
        _root = new ConfigurationRoot([new Provider(source, this)]);
    }

    /// <summary>What the file says; nothing while it cannot be read.</summary>
    public IConfiguration Configuration => _root;

    /// <summary>Why the file cannot be read; null when it can.</summary>
    public SettingsError? Error => File.Exists(_path) ? _unreadable : new SettingsError(_path, "does not exist; --config must name a configuration file.");

    /// <exception cref="SettingsException">The file is missing or no JSON.</exception>
    public static ConfigurationFile Open(string path)
    {
        var file = new ConfigurationFile(Path.GetFullPath(path));
        if (file.Error is { } error)
        {
            file.Dispose();
            throw new SettingsException([error]);
        }

        return file;
    }

    public void Dispose() => _root.Dispose();

    private void OnLoadException(FileLoadExceptionContext context)
    {
        var cause = context.Exception.GetBaseException();
        _unreadable = new SettingsError(_path, cause is JsonException { LineNumber: { } line } json
            ? $"is no well-formed JSON at line {line + 1}, byte {json.BytePositionInLine + 1}: {cause.Message}"
            : $"cannot be read: {cause.Message}");
        context.Ignore = true;
    }

    /// <summary>Forgets an error with every new reading, which may bring another.</summary>
    private sealed class Provider(JsonConfigurationSource source, ConfigurationFile file) : JsonConfigurationProvider(source)
    {
        public override void Load(Stream stream)
        {
            file._unreadable = null;
            base.Load(stream);
        }
    }
}
