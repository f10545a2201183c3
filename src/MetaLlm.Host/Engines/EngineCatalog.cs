using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.InProcess;

namespace MetaLlm.Host;

/// <summary>The engines that this build contains, the default first.</summary>
internal static partial class EngineCatalog
{
    private static readonly List<EngineChoice> Choices = Collect();

    /// <summary>The engine of a name that the settings' reader has let through.</summary>
    public static EngineChoice Find(string name) => Choices.Single(c => c.Name == name);

    private static List<EngineChoice> Collect()
    {
        var choices = new List<EngineChoice>();
        AddOrleans(choices);
        choices.Add(new EngineChoice("in-process", Clustered: false, (builder, settings) =>
        {
            StoreSetup.Add(builder.Services, settings.Storage);
            builder.Services.AddMetaLlmInProcessEngine(configureTenants: settings.Runtime.Tenants.CopyTo);
        }));
        return choices;
    }

    /// <summary>Has a body only where the build contains Orleans.</summary>
    static partial void AddOrleans(List<EngineChoice> choices);
}
