using Microsoft.AspNetCore.Components;

namespace MetaLlm.WebConsole.Components;

/// <summary>A page or a part of one that reads first and is rendered once, when it has. A plain component would be rendered before that too, with nothing in it.</summary>
public abstract class LoadedComponent : ComponentBase
{
    /// <inheritdoc/>
    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await LoadAsync().ConfigureAwait(true);
        StateHasChanged();
    }

    /// <summary>Reads what is shown. What it throws becomes a page that says what is wrong.</summary>
    protected abstract Task LoadAsync();
}
