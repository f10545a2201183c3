using MetaLlm.WebConsole;
using MetaLlm.WebConsole.SignIn;
using Microsoft.AspNetCore.DataProtection;

namespace MetaLlm.Host;

/// <summary>The console of a gateway that is a process of its own.</summary>
internal static class HostConsole
{
    /// <summary>Adds it. Without a directory for them, the keys of sessions are in memory and end with the process.</summary>
    /// <param name="builder">The gateway.</param>
    /// <param name="settings">The console's settings.</param>
    public static void Add(IMetaLlmBuilder builder, ConsoleSettings settings)
    {
        builder.AddMetaLlmConsole(settings);
        var protection = builder.Services.AddDataProtection().SetApplicationName("MetaLlm");
        if (settings.KeyDirectory is { } directory)
        {
            protection.PersistKeysToFileSystem(Directory.CreateDirectory(directory));
        }
        else
        {
            protection.UseEphemeralDataProtectionProvider();
        }
    }

    /// <summary>Writes where the console is. Where no admin key is configured and only this machine can reach the gateway, the address signs in, once.</summary>
    /// <param name="host">A host that has started.</param>
    /// <param name="output">Where to.</param>
    public static void Tell(MetaLlmHost host, TextWriter output)
    {
        var settings = host.Settings;
        if (host.Services.GetService<SignInCode>() is not { } code)
        {
            return;
        }

        var address = host.Addresses[0].GetLeftPart(UriPartial.Authority) + settings.Console.Path;
        if (settings.AdminKeyHash is null && settings.IsLocal)
        {
            code.TurnOn(text => output.WriteLine($"  console    {address}/sign-in?code={text} signs in once, on this machine"));
        }
        else
        {
            output.WriteLine($"  console    {address}");
        }
    }
}
