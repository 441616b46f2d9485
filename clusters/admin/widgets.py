"""The choosers for related records, safe against values that are no ids."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from .lists import is_id


class ChooseOne(AutocompleteSelect):
    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [item for item in value if is_id(str(item))], attr)


class ChooseSeveral(AutocompleteSelectMultiple):
    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [item for item in value if is_id(str(item))], attr)
