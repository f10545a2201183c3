using Microsoft.Extensions.Localization;

// An application that keeps its own resources elsewhere does not move ours.
[assembly: ResourceLocation("Resources")]
[assembly: RootNamespace("MetaLlm.WebConsole")]
