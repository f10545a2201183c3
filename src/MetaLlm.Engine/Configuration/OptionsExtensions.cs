using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Configuration;

/// <summary>Adds options, and hands them on.</summary>
public static class OptionsExtensions
{
    /// <summary>Adds options that are checked by their attributes when the application starts.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; null leaves the defaults.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCheckedOptions<TOptions>(this IServiceCollection services, Action<TOptions>? configure = null)
        where TOptions : class, new()
    {
        services.AddOptions<TOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, RangeValidator<TOptions>>());
        return services;
    }

    /// <summary>Gives other options the values that a configuration file can set.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    /// <param name="options">The options.</param>
    /// <param name="others">Those that receive the values.</param>
    public static void CopyTo<TOptions>(this TOptions options, TOptions others)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(others);
        foreach (var member in SettingsShape.Of(typeof(TOptions)).Members)
        {
            member.Set(others, member.Get(options));
        }
    }
}
